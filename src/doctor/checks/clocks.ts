import type { Check } from '../check.ts';
import { good, notLookedAt, problem, warning } from '../verdict.ts';

/** Milliseconds. Servers of one database may differ by some seconds; providers' tokens are taken for a minute's skew. */
const noticeable = 5_000;
const tooFar = 60_000;

export const clocks: Check = {
  name: 'clocks',
  title: 'Clocks',
  reason: 'Sessions, one-time links and the tokens of providers are good for a time: by this clock.',
  needs: ['databaseUrl'],
  async inspect({ database }) {
    const state = await database();
    if (state.kind !== 'open') return [notLookedAt('Not looked at: there is no database to compare with.')];
    const { kind, clockAhead } = state.facts;
    if (kind === 'embedded') return [good('The embedded database goes by the clock of this machine.')];
    const apart = Math.abs(clockAhead);
    if (apart < noticeable)
      return [good(`This clock and that of the database are ${Math.round(apart)} ms apart.`)];
    const message = `This clock is ${Math.round(apart / 1_000)} s ${clockAhead > 0 ? 'behind' : 'ahead of'} that of the database.`;
    const remedy = 'Let both machines keep time by NTP.';
    return [apart < tooFar ? warning(message, remedy) : problem(message, remedy)];
  },
};

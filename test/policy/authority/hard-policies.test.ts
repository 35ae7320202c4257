import { expect, test } from '@jest/globals';
import { buildSnapshot } from '../../../src/policy/build-snapshot.ts';
import { loadPolicy } from '../../../src/policy/files/load-policy.ts';
import { newDice } from '../../property/grant-histories/dice.ts';
import { declarations, environment, filesOf, noRows, recordingLog, standingClock, user } from '../fixture.ts';

test('what is too hard to compare is refused, in bounded time', async () => {
  // Nobody can gain: there is no object that none of these 600 rules denies. To know that takes a search without end.
  const facts = Array.from({ length: 100 }, (_, at) => `f${at}`);
  const dice = newDice(20_261_120);
  const part = (): string => `${dice.one(['', '!'])}(r.ctx.object.${dice.one(facts)} == true)`;
  const denies = Array.from(
    { length: 600 },
    () => `p, group:support, Note.title, *, deny, "${[part(), part(), part()].join(' && ')}"`,
  );
  const rules = [...denies, 'p, group:support, Note.title, *, allow', ''].join('\n');
  const hard = { ...declarations, facts: { ...declarations.facts, Note: facts } };
  const loaded = loadPolicy(filesOf(rules), hard, noRows, { production: false });
  const needs = { schema: declarations.schema, clock: standingClock(), log: recordingLog() };
  const snapshot = await buildSnapshot(loaded, 'test', needs);
  const joining = {
    before: { subjects: ['authenticated'] },
    after: { subjects: ['authenticated', 'group:support'] },
  };
  const started = performance.now();
  const granter = { principal: user('gus', { groups: ['givers'] }), environment };
  expect(snapshot.findGains(joining, granter)).toEqual(['Note.title']);
  expect(performance.now() - started).toBeLessThan(20_000);
});

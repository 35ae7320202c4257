import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { AuditRepository } from './store/contract/audit.ts';
import { purgeBatch } from './store/contract/page.ts';
import type { SessionLimits, SessionRepository } from './store/contract/sessions.ts';
import type { ThrottleRepository } from './store/contract/throttles.ts';
import type { UsedStateRepository } from './store/contract/used-states.ts';

export interface HousekeepingNeeds {
  readonly sessions: Pick<SessionRepository, 'purge'>;
  readonly throttles: Pick<ThrottleRepository, 'purge'>;
  readonly usedStates: Pick<UsedStateRepository, 'purge'>;
  readonly audit: Pick<AuditRepository, 'purge'>;
  readonly limits: SessionLimits;
  /** How long audit records are kept, in milliseconds. */
  readonly keepAudit: number;
  /** Milliseconds between two rounds; a quarter of an hour where nothing is said. */
  readonly every?: number;
  readonly clock: Clock;
  readonly log: Log;
}

const quarterOfAnHour = 15 * 60 * 1_000;

/**
 * Deletes what is over, now and then: sessions that have ended, counts of attempts, of which every made-up name leaves
 * some, used states of logins that are long over, and audit records past their time. Without it the tables would grow for
 * as long as anybody guesses. Any number of servers may do it at once.
 */
export function startHousekeeping(needs: HousekeepingNeeds): { close(): Promise<void> } {
  const {
    sessions,
    throttles,
    usedStates,
    audit,
    limits,
    keepAudit,
    every = quarterOfAnHour,
    clock,
    log,
  } = needs;
  let closed = false;

  const purge = async (batch: () => Promise<number>): Promise<void> => {
    while (!closed && (await batch()) >= purgeBatch);
  };
  const round = async (): Promise<void> => {
    try {
      await purge(() => throttles.purge(clock.now()));
      await purge(() => sessions.purge({ ...limits, now: clock.now() }));
      await purge(() => usedStates.purge(clock.now()));
      await purge(() => audit.purge(clock.now() - keepAudit));
    } catch (err) {
      log.warn({ event: 'housekeeping.failed', err }, 'Old rows could not be deleted; tried again later.');
    }
  };

  let working = round();
  const timer = setInterval(() => {
    working = working.then(round);
  }, every);
  timer.unref();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await working;
    },
  };
}

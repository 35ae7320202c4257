import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** Says that something is wrong: at once, and then at most every ten seconds. */
export interface Alarm {
  raise(fields: object, sentence: string): void;
  /** Says that it is over, where it was said. */
  settle(fields: object, sentence: string): void;
}

const repeatMs = 10_000;

export function createAlarm(log: Log, clock: Clock): Alarm {
  /** On the monotonic clock. */
  let toldAt = -Infinity;
  let raised = false;
  return {
    raise(fields, sentence) {
      if (clock.monotonic() - toldAt < repeatMs) return;
      toldAt = clock.monotonic();
      raised = true;
      log.error(fields, sentence);
    },
    settle(fields, sentence) {
      if (raised) log.info(fields, sentence);
      raised = false;
    },
  };
}

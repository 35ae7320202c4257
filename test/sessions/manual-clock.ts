import type { Clock } from '../../src/core/clock.ts';

/** A clock that moves when it is told to. */
export function manualClock(
  start = Date.parse('2026-11-20T08:00:00Z'),
): Clock & { advance(ms: number): void } {
  let elapsed = 0;
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    advance: (ms) => {
      elapsed += ms;
    },
  };
}

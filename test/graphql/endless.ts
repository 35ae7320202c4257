import { systemClock } from '../../src/core/clock.ts';

/** Streams that nobody ends: for tests of everything else. */
export const endless = {
  farewell: () => ({}),
  unchecked: () => ({}),
  every: 60_000,
  patience: 60_000,
  clock: systemClock,
};

/** Where time comes from. Every room asks a Clock, so a test can stop it, and a duration survives a clock that jumps. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch: for what is stored or shown. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start: for durations and deadlines. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** How long the store waits before it says UNAVAILABLE. Milliseconds. */
export interface Deadlines {
  /** For a place in the pool, and for a connection to open. */
  readonly connect: number;
  /** For the answer to one statement. */
  readonly query: number;
  /** For a whole unit of work; the embedded database takes itself back from a unit after three quarters of it. */
  readonly transaction: number;
  /** For all pending migrations, the wait for another process's included. */
  readonly migrate: number;
}

export const defaultDeadlines: Deadlines = {
  connect: 2_000,
  query: 2_000,
  transaction: 2_000,
  migrate: 60_000,
};

/**
 * The embedded database serves one transaction at a time, so a unit that hangs must give it back while those who wait
 * behind it still have time left.
 */
export const leaseOf = (deadlines: Deadlines): number => Math.floor(deadlines.transaction * 0.75);

export interface ThrottleRepository {
  /**
   * Takes one attempt from each named bucket at once (one statement): a bucket counts attempts within a window that
   * starts with its first one. Answers the buckets that were already full; nothing is taken from any bucket then.
   */
  take(
    buckets: readonly { key: string; limit: number; windowMs: number }[],
    now: number,
  ): Promise<readonly { key: string; retryAfterMs: number }[]>;
  /** Takes one attempt out of each bucket that counts any. */
  giveBack(keys: readonly string[]): Promise<void>;
  /** Empties the buckets. */
  clear(keys: readonly string[]): Promise<void>;
  /** Deletes buckets whose window has ended, `purgeBatch` at most. Returns how many. */
  purge(now: number): Promise<number>;
  /** Networks from which an account has logged in before. */
  isKnownNetwork(userId: string, network: string): Promise<boolean>;
  rememberNetwork(userId: string, network: string, at: number): Promise<void>;
}

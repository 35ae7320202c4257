/** States of login transactions (OIDC `state`) that a callback has used up. */
export interface UsedStateRepository {
  /** `true` exactly once, for one caller. It is remembered until `expiresAt`. */
  use(digest: Buffer, expiresAt: number): Promise<boolean>;
  /** Deletes what has expired, `purgeBatch` at most. Returns how many. */
  purge(now: number): Promise<number>;
}

/** One-time links that make the first administrator. Only a digest is stored. */
export interface SetupLinkRepository {
  /** Replaces every older link. */
  issue(digest: Buffer, expiresAt: number): Promise<void>;
  isValid(digest: Buffer, now: number): Promise<boolean>;
  /** `true` exactly once, for one caller. */
  use(digest: Buffer, now: number): Promise<boolean>;
}

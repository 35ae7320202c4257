/** A pattern that is not plain. */
export interface CompiledPattern {
  /** What every text that matches begins with; of a glob, with runs of slashes as one. */
  readonly prefix: string;
  /** @throws {PatternTimedOut} after 5 ms. */
  readonly matches: (text: string) => boolean;
}

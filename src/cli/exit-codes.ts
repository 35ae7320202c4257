/** What a command's exit code means; documented in docs/cli.md. */
export const exitCodes = {
  /** Done; the answer is yes. */
  ok: 0,
  /** Done; the answer is no: a policy with errors, a decision that denies. */
  negative: 1,
  /** The command or its input is not of the right form, or names what does not exist. Nothing was changed. */
  input: 2,
  /** Something an operator must mend first: configuration, data directory, database, policy. */
  operator: 3,
  /** A fault of ours. */
  internal: 70,
} as const;

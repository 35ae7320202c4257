/** What a change may have made untrue of what `sessions.loadUser` answered before. */
export interface PrincipalChanges {
  /** Ids of accounts; `everyone` where nobody knows which. */
  readonly users: readonly string[] | 'everyone';
  /** Whether the policy epoch rose. */
  readonly policy: boolean;
}

/** Told once a change is committed, and before whoever made it learns so: they wait for it. Never rejects. */
export type OnChange = (changes: PrincipalChanges) => Promise<void>;

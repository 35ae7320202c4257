/** Somebody as an issuer elsewhere knows them. (issuer, subject) is the key, never an e-mail address (OIDC Core 1.0, 5.7). */
export interface IdentityRow {
  readonly id: string;
  readonly userId: string;
  /** The authenticator that proved it last. */
  readonly authenticator: string;
  readonly issuer: string;
  readonly subject: string;
  /** What the issuer calls them, for people to recognise: at most 200 characters. */
  readonly label: string;
  readonly linkedAt: number;
  readonly lastUsedAt: number;
}

export interface IdentityRepository {
  find(issuer: string, subject: string): Promise<IdentityRow | null>;
  byId(id: string): Promise<IdentityRow | null>;
  /** Of each account, oldest first. */
  ofUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly IdentityRow[]>>;
  /** `false` where (issuer, subject) is somebody's already. */
  insert(identity: IdentityRow): Promise<boolean>;
  recordUse(id: string, use: Pick<IdentityRow, 'authenticator' | 'label' | 'lastUsedAt'>): Promise<boolean>;
  /**
   * The e-mail address that an identity's claims give: at most one, the primary where the account has no other, and none
   * where the account has that address otherwise. `false` where nothing changed.
   */
  setClaimedEmail(
    identity: Pick<IdentityRow, 'id' | 'userId'>,
    email: { readonly address: string; readonly verified: boolean },
    at: number,
  ): Promise<boolean>;
  /** The memberships that its claims gave go with it. The address stays, as the account's own. */
  delete(id: string): Promise<boolean>;
}

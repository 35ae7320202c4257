export const graphqlPath = '/graphql';
export const graphiqlPath = '/graphiql';
export const loginPath = '/login';
export const logoutPath = '/logout';
export const setupPath = '/setup';
export const accountPath = '/account';
export const unlinkPath = '/account/unlink';

/** Where a login with a redirecting authenticator starts, where its browser comes back to, and where linking starts. */
export const startPath = (authenticator: string): string => `${loginPath}/${authenticator}`;
export const callbackPath = (authenticator: string): string => `${loginPath}/${authenticator}/callback`;
export const linkPath = (authenticator: string): string => `${accountPath}/identities/${authenticator}`;
/** The login page, going on to a path of ours afterwards. */
export const loginPathTo = (next: string): string =>
  next === '/' ? loginPath : `${loginPath}?next=${encodeURIComponent(next)}`;

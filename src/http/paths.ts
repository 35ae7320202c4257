export const graphqlPath = '/graphql';
export const graphiqlPath = '/graphiql';
export const loginPath = '/login';
export const logoutPath = '/logout';
export const setupPath = '/setup';

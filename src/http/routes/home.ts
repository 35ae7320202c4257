import type Router from '@koa/router';
import { renderHomePage } from '../pages/home-page.ts';
import type { HttpState } from '../state.ts';

export interface HomeNeeds {
  readonly graphiql: boolean;
}

export function addHome(router: Router<HttpState>, { graphiql }: HomeNeeds): void {
  router.get('/', (ctx) => {
    const { principal, snapshot, session } = ctx.state;
    ctx.body = renderHomePage({
      principal,
      subjects: [...snapshot.subjectsOf(principal)].filter((subject) => subject !== principal.subject).sort(),
      policyVersion: snapshot.version,
      token: session.csrf,
      graphiql,
    });
    ctx.type = 'html';
  });
}

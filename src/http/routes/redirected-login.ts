import type Router from '@koa/router';
import { PortcullisError } from '../../core/errors.ts';
import { answerError } from '../answer-error.ts';
import { parseMembers } from '../form.ts';
import type { LogIn } from '../log-in.ts';
import type { ShowLogin } from '../login-screen.ts';
import { parseNextPath } from '../next-path.ts';
import { nextField, reauthenticateField } from '../pages/login-page.ts';
import { accountPath, callbackPath, loginPath, loginPathTo, startPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import { type StartNeeds, startTransaction } from '../start-transaction.ts';
import type { HttpState } from '../state.ts';

export interface RedirectedLoginNeeds extends StartNeeds {
  readonly redirects: readonly { readonly name: string; readonly label: string }[];
  readonly logIn: LogIn;
  readonly showLogin: ShowLogin;
  readonly publicUrl: URL;
}

/** Two addresses for each redirecting authenticator. There are none for any other name. */
export function addRedirectedLogin(router: Router<HttpState>, needs: RedirectedLoginNeeds): void {
  const { redirects, logIn, showLogin, transactions, publicUrl } = needs;

  for (const authenticator of redirects) {
    const { name } = authenticator;

    // Whoever reloads the page that sent them on.
    router.get(startPath(name), (ctx) => {
      redirect(ctx, loginPath);
    });

    router.post(startPath(name), async (ctx) => {
      const form = ctx.state.form ?? {};
      const next = parseNextPath(form[nextField], publicUrl);
      const reauthenticate = form[reauthenticateField] === '1';
      const refusal = await startTransaction(
        ctx,
        { authenticator, next, linkTo: null, reauthenticate },
        needs,
      );
      if (refusal === null) return;
      await showLogin(ctx, next, { trouble: refusal.message });
      ctx.status = refusal.status;
    });

    router.get(callbackPath(name), async (ctx) => {
      // The router answers HEAD with GET's handler: whoever only looks at an address must not use it up.
      if (ctx.method === 'HEAD') throw new PortcullisError('METHOD_NOT_ALLOWED');
      const query = parseMembers(
        ctx.querystring,
        'Your provider sent you back with a part of its answer twice. Begin again on the login page.',
      );
      const transaction = await transactions.take(ctx, name, query['state']);
      const result = await logIn.withCallback(ctx, { authenticator: name, url: ctx.url, query, transaction });
      const next = parseNextPath(transaction?.next, publicUrl);
      const linking = transaction !== null && transaction.linkTo !== null;
      if (result.kind !== 'refused') redirect(ctx, next);
      else answerError(ctx, result.error, linking ? accountPath : loginPathTo(next));
    });
  }
}

import type Router from '@koa/router';
import type { Actor } from '../../accounts/actor.ts';
import type { Identities } from '../../accounts/identities.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { UserPrincipal } from '../../core/principal.ts';
import type { IdentityRow } from '../../store/contract/identities.ts';
import type { Store } from '../../store/store.ts';
import type { FormTokens } from '../form-token.ts';
import { originOf } from '../origin.ts';
import { identityField, renderAccountPage } from '../pages/account-page.ts';
import { accountPath, linkPath, loginPathTo, unlinkPath } from '../paths.ts';
import { redirect } from '../redirect.ts';
import { type StartNeeds, startTransaction } from '../start-transaction.ts';
import type { HttpContext, HttpState } from '../state.ts';

export interface AccountNeeds extends StartNeeds {
  readonly redirects: readonly { readonly name: string; readonly label: string }[];
  readonly store: Pick<Store, 'identities' | 'users'>;
  readonly identities: Pick<Identities, 'unlink'>;
  readonly tokens: FormTokens;
}

type UserContext = HttpContext & { state: { principal: UserPrincipal } };

const notices: ReadonlyMap<string, string> = new Map([
  ['linked', 'Linked. It logs you in to this account from now on.'],
  ['unlinked', 'Unlinked. It does not log you in to this account any more.'],
]);

/** Who somebody is here, and their ways to log in. */
export function addAccount(router: Router<HttpState>, needs: AccountNeeds): void {
  const { redirects, store, identities, tokens } = needs;

  const identitiesOf = async (ctx: UserContext): Promise<readonly IdentityRow[]> => {
    const { id } = ctx.state.principal;
    return (await store.identities.ofUsers([id])).get(id) ?? [];
  };

  async function show(ctx: UserContext, trouble: PortcullisError | null): Promise<void> {
    const { principal, session } = ctx.state;
    const labels = new Map(redirects.map(({ name, label }) => [name, label]));
    const after = typeof ctx.query['after'] === 'string' ? ctx.query['after'] : '';
    ctx.body = renderAccountPage({
      username: principal.username,
      name: session.loaded.user?.name ?? '',
      hasPassword: (await store.users.passwordOf(principal.id)) !== null,
      identities: (await identitiesOf(ctx)).map(({ id, authenticator, issuer, label }) => ({
        id,
        at: labels.get(authenticator) ?? issuer,
        label,
      })),
      redirects,
      token: await tokens.issue(ctx),
      trouble: trouble?.message ?? null,
      notice: notices.get(after) ?? null,
    });
    ctx.type = 'html';
    if (trouble !== null) ctx.status = trouble.status;
  }

  router.get(accountPath, async (ctx) => {
    if (isLoggedIn(ctx)) await show(ctx, null);
  });

  for (const authenticator of redirects) {
    router.post(linkPath(authenticator.name), async (ctx) => {
      if (!isLoggedIn(ctx)) return;
      const start = {
        authenticator,
        next: `${accountPath}?after=linked`,
        linkTo: ctx.state.principal.id,
        reauthenticate: false,
      };
      const refusal = findStaleLogin(ctx) ?? (await startTransaction(ctx, start, needs));
      if (refusal !== null) await show(ctx, refusal);
    });
  }

  router.post(unlinkPath, async (ctx) => {
    if (!isLoggedIn(ctx)) return;
    try {
      const named = ctx.state.form?.[identityField];
      const identity = (await identitiesOf(ctx)).find(({ id }) => id === named);
      if (identity === undefined) throw new PortcullisError('NOT_FOUND');
      checkAllowed(ctx, identity);
      await identities.unlink(identity.id, actorOf(ctx));
    } catch (error) {
      if (!(error instanceof PortcullisError) || error.status >= 500) throw error;
      await show(ctx, error);
      return;
    }
    redirect(ctx, `${accountPath}?after=unlinked`);
  });
}

/** Whoever is nobody is sent to the login page, and comes back. */
function isLoggedIn(ctx: HttpContext): ctx is UserContext {
  if (ctx.state.principal.kind === 'user') return true;
  redirect(ctx, loginPathTo(accountPath));
  return false;
}

/** Milliseconds for which a login is recent enough to add another way to log in. */
const recentLogin = 15 * 60 * 1_000;

/**
 * A way to log in outlives every session: whoever finds or steals one must not add theirs (OWASP ASVS 5.0, 7.5.1). Where an
 * issuer never says when they proved it, proving it again would not tell either.
 */
function findStaleLogin({ state: { principal, environment } }: UserContext): PortcullisError | null {
  const { authTime } = principal.authentication;
  return authTime === 0 || environment.now - authTime <= recentLogin
    ? null
    : new PortcullisError('STEP_UP_REQUIRED', {
        message: 'Your login is too long ago to add another one. Log in again below, then link it.',
      });
}

/** The same question as of GraphQL's mutation: a page is no way around the policy. */
function checkAllowed({ state: { decisions } }: HttpContext, { id, userId }: IdentityRow): void {
  const context = { args: { input: { id } }, object: { owner: userId } };
  const decision = decisions.decide('Mutation.unlinkIdentity', context);
  if (decision.effect === 'allow') return;
  const stepUp = decisions.remedyFor(decision, context).kind === 'step-up';
  throw new PortcullisError(stepUp ? 'STEP_UP_REQUIRED' : 'FORBIDDEN');
}

const actorOf = (ctx: UserContext): Actor => ({
  origin: originOf(ctx),
  authority: { principal: ctx.state.principal, environment: ctx.state.environment },
});

import { isDeepStrictEqual } from 'node:util';
import { PortcullisError } from '../core/errors.ts';
import type { Authenticator } from './authenticator.ts';
import type { FormLogin } from './form-login.ts';
import { findLogoutUrl } from './logout-url.ts';
import type { LoginNeeds } from './login-needs.ts';
import { formSteps, linkSteps, redirectedSteps } from './login-steps.ts';
import type { Login } from './login-tail.ts';
import type { Door, LoginResult } from './login.ts';
import type { RedirectedLogin } from './redirected-login.ts';
import { runLogin } from './run-login.ts';
import { isRedirecting, notRedirecting, type Redirecting, startRedirect } from './start-redirect.ts';

export interface DoorNeeds extends Omit<LoginNeeds, 'deadlineMs'> {
  /** The enabled ones, by name, in configured order. */
  readonly authenticators: ReadonlyMap<string, Authenticator>;
  /** Milliseconds that one authenticator may take; 5,000 where nothing else is said. */
  readonly deadlineMs?: number;
}

/** The one way in: every login of whatever authenticator goes through a table of steps. */
export function createDoor({ authenticators, deadlineMs = 5_000, ...rest }: DoorNeeds): Door {
  const needs: LoginNeeds = { ...rest, deadlineMs };
  const enabled = [...authenticators.values()];
  const withForm = enabled.filter(({ form }) => form !== undefined);
  const shared = withForm[0]?.form?.fields ?? [];
  const sharedChain = withForm.filter(({ form }) => isDeepStrictEqual(form?.fields, shared));

  function chainFor(name: string | null): readonly Authenticator[] {
    if (name === null) return sharedChain;
    const named = authenticators.get(name);
    return named?.form === undefined ? [] : [named];
  }

  function redirecting(name: string): Redirecting | undefined {
    const named = authenticators.get(name);
    return named !== undefined && isRedirecting(named) ? named : undefined;
  }

  return {
    fields: shared,
    redirects: enabled.filter(isRedirecting).map(({ name, redirect: { label } }) => ({ name, label })),

    async logIn(attempt) {
      const chain = chainFor(attempt.authenticator);
      const login: FormLogin = {
        attempt,
        chain,
        client: attempt.client,
        asked: chain.map(({ name }) => name).join(','),
        refusedAs: 'BAD_CREDENTIALS',
      };
      await runLogin(formSteps, login, needs);
      return resultOf(login);
    },

    async start(start) {
      const authenticator = redirecting(start.authenticator);
      return authenticator === undefined
        ? { kind: 'refused', error: notRedirecting() }
        : startRedirect(authenticator, start, needs);
    },

    async finish(callback) {
      const authenticator = redirecting(callback.authenticator);
      const login: RedirectedLogin = {
        callback,
        authenticator,
        client: callback.client,
        asked: authenticator?.name ?? '',
        refusedAs: 'LOGIN_REFUSED',
      };
      const linking = callback.transaction !== null && callback.transaction.linkTo !== null;
      await runLogin(linking ? linkSteps : redirectedSteps, login, needs);
      const { refusal, user } = login;
      return linking && refusal === undefined && user !== undefined
        ? { kind: 'linked', user }
        : resultOf(login);
    },

    logoutUrl: (name, logout) => findLogoutUrl(redirecting(name), logout, needs),
  };
}

function resultOf({ refusal, user, authentication, sessionId }: Login): LoginResult {
  if (
    refusal === undefined &&
    user !== undefined &&
    authentication !== undefined &&
    sessionId !== undefined
  ) {
    return { kind: 'logged-in', user, authentication };
  }
  return {
    kind: 'refused',
    error: refusal ?? new PortcullisError('INTERNAL', { detail: 'a login step was left out' }),
  };
}

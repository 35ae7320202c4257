import { isDeepStrictEqual } from 'node:util';
import { PortcullisError } from '../core/errors.ts';
import type { Authenticator } from './authenticator.ts';
import type { Door, LoginResult } from './login.ts';
import { loginSteps, type Login, type LoginNeeds } from './login-steps.ts';

export interface DoorNeeds extends Omit<LoginNeeds, 'deadlineMs'> {
  /** The enabled ones, by name, in configured order. */
  readonly authenticators: ReadonlyMap<string, Authenticator>;
  /** Milliseconds that one authenticator may take; 5,000 where nothing else is said. */
  readonly deadlineMs?: number;
}

/** The one way in: every login of whatever authenticator goes through the table of steps. */
export function createDoor({ authenticators, deadlineMs = 5_000, ...rest }: DoorNeeds): Door {
  const needs: LoginNeeds = { ...rest, deadlineMs };
  const withForm = [...authenticators.values()].filter(({ form }) => form !== undefined);
  const shared = withForm[0]?.form?.fields ?? [];
  const sharedChain = withForm.filter(({ form }) => isDeepStrictEqual(form?.fields, shared));

  function chainFor(name: string | null): readonly Authenticator[] {
    if (name === null) return sharedChain;
    const named = authenticators.get(name);
    return named?.form === undefined ? [] : [named];
  }

  return {
    fields: shared,

    async logIn(attempt): Promise<LoginResult> {
      const login: Login = { attempt, chain: chainFor(attempt.authenticator) };
      for (const step of loginSteps) {
        if (login.refusal !== undefined && !('always' in step)) continue;
        try {
          await step.run(login, needs);
        } catch (error) {
          login.refusal ??= asRefusal(error, step.name);
        }
      }
      const { refusal, user, authentication } = login;
      if (refusal === undefined && user !== undefined && authentication !== undefined) {
        return { kind: 'logged-in', user, authentication };
      }
      return { kind: 'refused', error: refusal ?? asRefusal(undefined, 'the end') };
    },
  };
}

const asRefusal = (error: unknown, step: string): PortcullisError =>
  error instanceof PortcullisError
    ? error
    : new PortcullisError('INTERNAL', { cause: error, detail: `login step "${step}" failed` });

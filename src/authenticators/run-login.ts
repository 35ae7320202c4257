import { PortcullisError } from '../core/errors.ts';
import type { LoginNeeds } from './login-needs.ts';
import type { LoginStep } from './login-steps.ts';
import type { Login } from './login-tail.ts';

/** Takes a login through a table of steps. Never rejects: the first refusal stays on it. */
export async function runLogin<Way extends Login>(
  steps: readonly LoginStep<Way>[],
  login: Way,
  needs: LoginNeeds,
): Promise<void> {
  for (const step of steps) {
    if (login.refusal !== undefined && step.always !== true) continue;
    try {
      await step.run(login, needs);
    } catch (error) {
      login.refusal ??= asRefusal(error, step.name);
    }
  }
}

const asRefusal = (error: unknown, step: string): PortcullisError =>
  error instanceof PortcullisError
    ? error
    : new PortcullisError('INTERNAL', { cause: error, detail: `login step "${step}" failed` });

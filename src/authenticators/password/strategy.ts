import { Strategy } from 'passport-local';
import type { Accounts } from '../../accounts/accounts.ts';
import type { UserRow } from '../../store/contract/users.ts';
import type { Authenticator } from '../authenticator.ts';

/** passport-local looks into the query string too, and what stands there ends up in logs and histories. */
class BodyOnlyStrategy extends Strategy {
  override authenticate(request: Parameters<Strategy['authenticate']>[0]): void {
    super.authenticate(Object.create(request, { query: { value: null } }) as typeof request);
  }
}

/** passport-local over the accounts. Only an account that this strategy verified is identified: no look-alike. */
export function createPasswordStrategy(
  accounts: Pick<Accounts, 'verifyPassword'>,
): Pick<Authenticator, 'strategy' | 'identify'> {
  const verified = new WeakSet<object>();

  const strategy = new BodyOnlyStrategy((username: unknown, password: unknown, done) => {
    // passport-local hands on numbers and arrays as they came.
    if (typeof username !== 'string' || typeof password !== 'string') {
      done(null, false);
      return;
    }
    accounts.verifyPassword(username, password).then(
      (user) => {
        if (user !== null) verified.add(user);
        done(null, user ?? false);
      },
      (error: unknown) => {
        done(error);
      },
    );
  });

  return {
    strategy,
    identify: (user) =>
      Promise.resolve(
        typeof user === 'object' && user !== null && verified.has(user)
          ? { kind: 'account', user: user as UserRow }
          : { kind: 'none', reason: 'not an account that was verified' },
      ),
  };
}

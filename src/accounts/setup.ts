import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../core/clock.ts';
import { PortcullisError } from '../core/errors.ts';
import { newToken } from '../core/ids.ts';
import { originWithoutRequest } from '../core/origin.ts';
import { digestOf } from '../core/secret.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { Store } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { createAdminister } from './administer.ts';
import { hasAdministrator, superusers } from './administrators.ts';
import { insertAccount, prepareAccount, type NewAccountNeeds } from './new-account.ts';

/** How long a link to the first administrator's form is good, milliseconds: a day, or one use. */
const lifetime = 24 * 60 * 60 * 1_000;

export interface FirstAdministrator {
  readonly username: string;
  readonly name: string;
  readonly password: string;
}

/** Makes the first administrator. There is no default account: whoever starts the server gets a one-time token. */
export interface Setup {
  /** A token of 256 random bits that replaces every older one; `null` where there is an administrator. */
  issue(): Promise<string | null>;
  isValid(token: string): Promise<boolean>;
  /**
   * Makes the account, a superuser, and uses the token up, as one unit: for one caller only. NOT_FOUND where the token is
   * not good (any more), BAD_USER_INPUT where the form is not; the token then stays good.
   */
  complete(token: string, form: FirstAdministrator): Promise<UserRow>;
}

/** What a link that is not good (any more) is answered with. */
export const setupLinkGone = (): PortcullisError =>
  new PortcullisError('NOT_FOUND', {
    message:
      'This link was used already, replaced by a newer one, or has expired. ' +
      'While there is no administrator, the server prints a new one at each start.',
  });

export interface SetupNeeds extends NewAccountNeeds {
  readonly store: Store;
  /** A policy file may name an administrator too. */
  readonly policy: Pick<PolicyEngine, 'current' | 'atEpoch'>;
  readonly audit: Pick<Audit, 'record' | 'unit'>;
  readonly clock: Clock;
}

/** Nobody's request: whoever has the link has the server's output. */
const setup: Actor = { origin: originWithoutRequest('setup'), authority: null };

export function createSetup(needs: SetupNeeds): Setup {
  const { store, clock, policy } = needs;
  const administer = createAdminister(needs);

  const isSetUp = (unit: Store): Promise<boolean> =>
    hasAdministrator(unit, policy.current().rows.memberships);

  const isValid = async (token: string): Promise<boolean> =>
    (await store.setupLinks.isValid(digestOf(token), clock.now())) && !(await isSetUp(store));

  return {
    async issue() {
      if (await isSetUp(store)) return null;
      const token = newToken();
      await store.setupLinks.issue(digestOf(token), clock.now() + lifetime);
      return token;
    },

    isValid,

    async complete(token, { username, name, password }) {
      // Asked before the hashing too, so that a made-up token costs nothing.
      if (!(await isValid(token))) throw setupLinkGone();
      const prepared = await prepareAccount({ username, name, password, groups: [superusers] }, needs);
      return administer(setup, { event: 'account.created' }, () =>
        Promise.resolve({
          gives: () => [],
          takes: false,
          async write(unit, record) {
            if (!(await unit.setupLinks.use(digestOf(token), clock.now()))) throw setupLinkGone();
            if (await isSetUp(unit)) throw setupLinkGone();
            const user = await insertAccount(prepared, unit, setup);
            const details = { username: user.username, groups: [superusers] };
            record({ event: 'account.created', origin: setup.origin, accountId: user.id, details });
            return user;
          },
        }),
      );
    },
  };
}

import { randomBytes } from 'node:crypto';
import type { ForeignIdentity } from '../../src/accounts/foreign-identity.ts';
import type {
  Authenticator,
  Identification,
  RedirectCapability,
} from '../../src/authenticators/authenticator.ts';
import type { RedirectCallback, RedirectedResult } from '../../src/authenticators/login.ts';
import type { HostileRedirect, RedirectingRequest } from './hostile-redirects.ts';
import { type Outcomes, strategyThat } from './hostile-strategies.ts';
import type { House } from './open-house.ts';

/** Whom a careless authenticator takes everybody for. */
export const identity: ForeignIdentity = {
  issuer: 'https://op.example.org',
  subject: 'subject-1',
  label: 'pat@example.org',
  username: 'pat',
  name: 'Pat',
  email: null,
  groups: null,
  attributes: {},
};
export const proved = (changes: object = {}): Identification => ({
  kind: 'identity',
  identity,
  authTime: null,
  logoutHint: null,
  ...changes,
});

/** An authenticator as a careless integrator writes one: whatever its strategy says is pat. */
export const redirectingTo = (
  does: HostileRedirect['does'],
  identify: (user: unknown) => unknown = () => Promise.resolve(proved()),
  redirect: Partial<RedirectCapability> = {},
): Authenticator => ({
  name: 'acme',
  strategy: strategyThat((own, request) => does(own, request as unknown as RedirectingRequest)),
  proves: { amr: ['fed'], aal: 2 },
  identify: identify as Authenticator['identify'],
  redirect: { label: 'Acme', provision: true, ...redirect },
});
export const succeeds = (own: Outcomes): void => {
  own.success({});
};

export const codeOf = (result: RedirectedResult): string =>
  result.kind === 'refused' ? result.error.code : result.kind;

/** A browser comes back to that authenticator, with a transaction of its own unless another is given. */
export function finishOf(house: House) {
  return (
    authenticator: Authenticator,
    callback: Partial<RedirectCallback> & { readonly linkTo?: string } = {},
  ): Promise<RedirectedResult> => {
    const { linkTo = null, ...rest } = callback;
    return house.door({ chain: [authenticator], deadlineMs: 100 }).finish({
      authenticator: 'acme',
      url: '/login/acme/callback?code=the-code&state=the-state',
      query: { code: 'the-code', state: 'the-state' },
      transaction: { id: randomBytes(32), kept: {}, linkTo },
      client: house.client,
      ...rest,
    });
  };
}

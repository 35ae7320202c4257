import { randomBytes } from 'node:crypto';
import type { AuthenticatorDefinition, ForeignIdentity, PassportStrategy, RedirectRequest } from 'portcullis';
import { z } from 'zod';

const options = z.strictObject({ portal: z.url({ protocol: /^https?$/ }), label: z.string() });
const personSchema = z.object({ id: z.string(), login: z.string(), name: z.string() });
const keptSchema = z.object({ state: z.string() });

/** What Passport, and the server like it, puts on a strategy before it calls it. */
interface Outcomes {
  redirect(url: string): void;
  success(user: object): void;
  fail(why: string): void;
  error(error: unknown): void;
}

/** Sends people to the company's portal, which sends them back with a ticket. The ticket is shown to it once. */
const createPortalStrategy = (portal: string, callbackUrl: URL): PassportStrategy => ({
  authenticate(this: Outcomes, request: RedirectRequest) {
    const { ticket, state } = request.query;
    if (ticket === undefined) {
      const started = startAt(portal, callbackUrl, request.reauthenticate);
      request.session = { state: started.state };
      this.redirect(started.url);
      return;
    }
    // What came back must belong to what this browser began: nothing else tells two logins apart.
    const kept = keptSchema.safeParse(request.session);
    if (!kept.success || kept.data.state !== state) {
      this.fail('the answer to another login');
      return;
    }
    findPerson(portal, ticket).then(
      (person) => {
        if (person === null) this.fail('the portal does not know the ticket');
        else this.success(person);
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  },
});

function startAt(portal: string, callbackUrl: URL, renew: boolean): { state: string; url: string } {
  const state = randomBytes(32).toString('base64url');
  const url = new URL('/login', portal);
  url.searchParams.set('service', callbackUrl.href);
  url.searchParams.set('state', state);
  if (renew) url.searchParams.set('renew', 'true');
  return { state, url: url.href };
}

async function findPerson(portal: string, ticket: string): Promise<z.infer<typeof personSchema> | null> {
  const url = new URL('/validate', portal);
  url.searchParams.set('ticket', ticket);
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(3_000) });
  return answer.ok ? personSchema.parse(await answer.json()) : null;
}

const portalLogin: AuthenticatorDefinition<z.infer<typeof options>> = {
  name: 'portal',
  options,
  create: ({ portal, label }, { name, callbackUrl }) => ({
    name,
    strategy: createPortalStrategy(portal, callbackUrl),
    proves: { amr: ['pwd'], aal: 1 },
    identify: (proved) => {
      const person = personSchema.safeParse(proved);
      return Promise.resolve(
        person.success
          ? {
              kind: 'identity',
              identity: identityOf(portal, person.data),
              authTime: null,
              logoutHint: null,
            }
          : { kind: 'none', reason: 'nobody whom the portal knows' },
      );
    },
    redirect: { label, provision: true },
  }),
};

const identityOf = (issuer: string, { id, login, name }: z.infer<typeof personSchema>): ForeignIdentity => ({
  issuer,
  subject: id,
  label: login,
  username: login,
  name,
  email: null,
  groups: null,
  attributes: {},
});

export default portalLogin;

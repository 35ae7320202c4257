import {
  plainAuthenticator,
  type PlainProvider,
  startPlainProvider,
} from '../authenticators/plain-provider.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { Client } from './client.ts';
import { startServer, type TestServer } from './start-server.ts';

/** A server with a password, two providers that work, one that makes no accounts, and one that nobody answers for. */
export interface WithProviders {
  readonly t: TestServer;
  readonly acme: PlainProvider;
  readonly other: PlainProvider;
  /** Whoever comes to the providers from now on is somebody new, by the answered username. */
  newcomer(): string;
  whoami(client: Client): Promise<string>;
  /** What the trail holds since the last look. */
  newRecords(): Promise<readonly AuditRow[]>;
  close(): Promise<void>;
}

export const sessionCookie = 'portcullis';
export const loginCookies = (client: Client): string[] =>
  [...client.jar.keys()].filter((name) => name.includes('-login-'));

const down = { issuer: 'http://127.0.0.1:9' };

export async function startWithProviders(): Promise<WithProviders> {
  const [acme, other] = await Promise.all([startPlainProvider(), startPlainProvider()]);
  const t = await startServer({
    authenticators: [
      { use: 'password' },
      { use: plainAuthenticator(acme), name: 'acme' },
      { use: plainAuthenticator(other), name: 'other' },
      { use: plainAuthenticator(down), name: 'down' },
      { use: plainAuthenticator(acme, { provision: false }), name: 'closed' },
    ],
  });
  let people = 0;
  let seen = 0;
  return {
    t,
    acme,
    other,
    newcomer() {
      people += 1;
      const username = `pat${people}`;
      for (const provider of [acme, other])
        provider.person = { sub: `sub-of-${username}`, preferred_username: username, name: 'Pat' };
      return username;
    },
    async whoami(client) {
      const { text } = await client.json('/graphql', { query: '{ whoami }' });
      return (JSON.parse(text) as { data: { whoami: string } }).data.whoami;
    },
    async newRecords() {
      const all = await t.records();
      const news = all.slice(seen).filter(({ event }) => !event.startsWith('decision.'));
      seen = all.length;
      return news;
    },
    async close() {
      await t.close();
      await acme.close();
      await other.close();
    },
  };
}

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { createServerLog } from '../../src/server-log.ts';
import { hiddenField } from '../http/client.ts';
import { rounds } from '../rounds.ts';
import {
  ask,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';

/** A record that somebody would like to be in our log, and what a terminal would act on. */
const forged = '{"level":30,"event":"login.succeeded","subject":"user:root"}';
const hostile = [
  `\r\n${forged}\r\n`,
  `\n${forged}`,
  '\u001b[2J\u001b[1;31mred\u001b]0;title\u0007',
  '\u009b2J\u0085next',
  '\u2028line\u2029paragraph',
  '\u202eturned\u2066around',
  'a\b\b\u007f\u0000z',
  '","event":"forged","x":"',
  '%0d%0aencoded',
  '\ud800half',
];

/** For an address: half a character can't be in one. */
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** What must never be in a line as it is; JSON's own escapes are another thing. */
const acting = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u;

describe('the log of a whole server', () => {
  const lines: string[] = [];
  let looked = 0;
  let site: Site;
  let server: RunningServer;

  beforeAll(async () => {
    site = await prepareSite('embedded', {
      logLevel: 'debug',
      trustedProxies: ['127.0.0.1'],
      throttle: { perAccountAndNetwork: 100_000, perNetwork: 100_000, overall: 100_000 },
    });
    const log = createServerLog(
      { mode: 'production', logLevel: 'debug' },
      { write: (line) => void lines.push(line) },
    );
    server = await startPortcullis(site, log);
    await server.accounts.create({ username: 'ann', password }, operator);
  });
  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  /** Bytes as they are: a client of Node's would refuse to send them. */
  const sendRaw = (bytes: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      const late = setTimeout(() => socket.destroy(), 500);
      socket.on('data', () => socket.end());
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(late);
        resolve();
      });
      socket.write(bytes, 'utf8');
    });

  /** Every input that a stranger has, with this text in it. */
  const inputs: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
    'the path': (text) => sendRaw(`GET /x${text} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    'the path, encoded': (text) => server.client().get(`/x${encoded(text)}`),
    'the method': (text) => sendRaw(`GET${text} / HTTP/1.1\r\nHost: localhost\r\n\r\n`),
    'the query string': (text) => server.client().get(`/login?next=${encoded(text)}`),
    'a header': (text) =>
      sendRaw(`GET /login HTTP/1.1\r\nHost: localhost\r\nUser-Agent: x${text}\r\nConnection: close\r\n\r\n`),
    'a request id and an address of a proxy': (text) =>
      sendRaw(
        `GET /no HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: x${text}\r\nX-Forwarded-For: 1.2.3.4${text}\r\n` +
          'Connection: close\r\n\r\n',
      ),
    'the cookie': (text) =>
      sendRaw(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: portcullis=${text}\r\nConnection: close\r\n\r\n`),
    'the form of the login page': async (text) => {
      const client = server.client();
      const _csrf = hiddenField((await client.get('/login')).text, '_csrf');
      const fields = { _csrf, _next: text, username: `ann${text}`, password: `typed-7f3a9c${text}` };
      await client.form('/login', fields, { 'user-agent': 'Mozilla/5.0 (test)' });
    },
    'the name of an operation': (text) =>
      ask(server.client(), `query Q${text} { users { edges { node { id } } } }`),
    operationName: (text) =>
      server.client().json('/graphql', { query: 'query A { viewer { subject } }', operationName: text }),
    'a field, an argument and a variable': async (text) => {
      await ask(server.client(), `{ viewer { ${text} } }`);
      await ask(server.client(), '{ user(id: "x") { name } }'.replace('x', text.replaceAll('"', '\\"')));
      await ask(server.client(), 'query ($id: ID!) { user(id: $id) { name } }', { id: text });
    },
    'the username and the authenticator of a login by GraphQL': async (text) => {
      const login = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';
      await ask(server.client(), login, { input: { username: `ann${text}`, password: 'wrong wrong' } });
      await ask(server.client(), login, {
        input: { username: 'ann', password: 'wrong wrong', authenticator: text },
      });
    },
    'the address of a callback': (text) =>
      server.client().get(`/login/${encoded(text)}/callback?error=${encoded(text)}`),
    'what is said beside an account': (text) =>
      server.accounts
        .create({ username: `eve${text}`, name: text, password }, operator)
        .catch(() => undefined),
  };

  test.each(Object.entries(inputs))(
    'C70: %s leaves whole JSON lines with nothing in them that acts',
    async (_name, send) => {
      lines.length = 0;
      for (let round = 0; round < rounds(1, 20); round += 1) for (const text of hostile) await send(text);
      await new Promise((resolve) => setTimeout(resolve, 100));
      looked += lines.length;
      for (const line of lines) {
        expect(line.endsWith('\n')).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(acting);
        const record = JSON.parse(line) as Record<string, unknown>;
        expect(record['msg']).toEqual(expect.any(String));
        expect(record['event']).not.toBe('forged');
        // Only the server itself says who logged in.
        if (record['event'] === 'login.succeeded') expect(record['subject']).not.toBe('user:root');
        // A reader that takes the JSON apart gets nothing that acts either.
        expect(JSON.stringify(record)).not.toMatch(/(?<!\\)(?:\\\\)*\\u00[01][0-9a-f]|\\r|\\b/);
      }
      expect(lines.join('')).not.toContain('typed-7f3a9c');
    },
  );

  test('C70: what was sent is in the log, shown as escapes', async () => {
    expect(looked).toBeGreaterThan(100);
    lines.length = 0;
    await server.client().get('/x%1b%0d%0a');
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';
    const input = { username: 'ann\u001b[2J\r\n', password: 'wrong wrong' };
    const client = server.client();
    await client.json('/graphql', { query: login, variables: { input } }, { 'user-agent': 'x\u009b2J' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.find(({ path }) => String(path).startsWith('/x'))?.['path']).toBe('/x%1b%0d%0a');
    expect(records.find(({ event }) => event === 'login.failed')?.['userAgent']).toMatch(/^x.?\\u009b2J$/);
  });
});

test('C70: a sentence, a name of a field and the message of an error are shown, and do not act', () => {
  const lines: string[] = [];
  const log = createServerLog(
    { mode: 'production', logLevel: 'debug' },
    { write: (line) => void lines.push(line) },
  );
  for (const text of hostile) {
    const error = Object.assign(new Error(text), { code: text, name: text });
    log.error(
      { [text]: text, err: error, list: [text, { [text]: new Error('outer', { cause: error }) }] },
      text,
    );
  }
  expect(lines).toHaveLength(hostile.length);
  for (const line of lines) {
    expect(line.slice(0, -1)).not.toMatch(acting);
    const { msg, err } = JSON.parse(line) as { msg: string; err: { message: string; stack: string } };
    expect(msg + err.message).not.toMatch(acting);
    // A stack has lines, and none of them begins with what somebody else wrote.
    const [, ...frames] = err.stack.split('\n');
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) expect(frame).toMatch(/^ {4}at /);
  }
});

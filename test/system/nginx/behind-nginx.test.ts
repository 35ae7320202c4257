import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../e2e/running-demo.ts';
import { type Client, createClient } from '../../http/client.ts';
import { createDatabase } from '../../store/open-test-store.ts';
import { rounds } from '../../rounds.ts';
import { housings } from '../housings.ts';
import { answerOf, ask, password, root } from '../start-portcullis.ts';
import { type RunningNginx, startNginx } from './start-nginx.ts';

const WHO = '{ viewer { subject } }';
const USERS = '{ users { edges { node { username } } } }';
const patience = rounds(120_000, 1_800_000);

/** `portcullis serve` in production mode, in a process of its own. */
interface Node {
  readonly port: number;
  readonly output: () => string;
  stop(): Promise<void>;
}

async function startNode(env: Readonly<Record<string, string>>): Promise<Node> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, ['dist/cli/main.js', 'serve'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
  const deadline = performance.now() + patience;
  while (!output.includes('Portcullis is ready.')) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`not ready:\n${output}`);
    await new Promise((next) => setTimeout(next, 50));
  }
  return {
    port,
    output: () => output,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

// Where no service is set there is nothing to share, and nothing to stand in front of.
const shared = housings.filter((housing) => housing === 'postgresql and redis');

if (shared.length === 0) {
  test('two processes behind nginx need DATABASE_URL and REDIS_URL: without them they share nothing', () => {
    expect(housings).not.toContain('postgresql and redis');
  });
}

if (shared.length > 0)
  describe.each(shared)('two processes on one %s behind nginx', () => {
    let folder: string;
    let policies: string;
    let database: Awaited<ReturnType<typeof createDatabase>>;
    let nodes: readonly Node[] = [];
    let nginx: RunningNginx | undefined;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'portcullis-nginx-'));
      policies = join(folder, 'policies');
      await cp(join(root, 'policies'), policies, { recursive: true });
      database = await createDatabase();
      const port = await freePort();
      const env = {
        HOST: '127.0.0.1',
        PUBLIC_URL: `https://localhost:${port}`,
        DATABASE_URL: database.url.reveal(),
        POLICY_DIR: policies,
        SECRETS: randomBytes(32).toString('hex'),
        TRUSTED_PROXIES: '127.0.0.1',
        LOG_LEVEL: 'warn',
      };
      nodes = await Promise.all(
        ['one', 'two'].map((name) => startNode({ ...env, DATA_DIR: join(folder, name) })),
      );
      nginx = await startNginx(
        join(folder, 'nginx'),
        port,
        nodes.map((node) => node.port),
      );
      await setUp();
    }, patience);

    afterAll(async () => {
      await nginx?.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    });

    const newClient = (): Client => {
      if (nginx === undefined) throw new Error('nginx is not there');
      return createClient({ address: '127.0.0.1', family: 'IPv4', port: nginx.port }, nginx.certificate);
    };

    /** The first administrator, made through the link that the node that was last to start printed. */
    async function setUp(): Promise<void> {
      const tokens = nodes.flatMap((node) => /\/setup\?token=([\w-]+)/.exec(node.output())?.[1] ?? []);
      const client = newClient();
      for (const token of tokens) {
        const page = await client.get(`/setup?token=${token}`);
        const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
        if (page.status !== 200 || csrf === undefined) continue;
        const made = await client.form('/setup', {
          token,
          _csrf: csrf,
          username: 'root',
          name: '',
          password,
        });
        expect(made.status).toBe(303);
        return;
      }
      throw new Error('no setup link was good');
    }

    async function loggedIn(username: string): Promise<Client> {
      const client = newClient();
      const login = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';
      const { codes } = await answerOf(client, login, { input: { username, password } });
      expect(codes).toEqual([]);
      return client;
    }

    /** What the next requests answer, until both processes have been asked. */
    async function onBoth(client: Client, query: string): Promise<readonly string[]> {
      const answers = new Map<string, string>();
      for (let attempt = 0; answers.size < 2 && attempt < 20; attempt++) {
        const { headers, text } = await ask(client, query);
        answers.set(String(headers['x-upstream']), text);
      }
      expect(answers.size).toBe(2);
      return [...answers.values()];
    }

    const createUser = async (administrator: Client, username: string): Promise<string> => {
      const { data, codes } = await answerOf(
        administrator,
        'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
        { input: { username, password } },
      );
      expect(codes).toEqual([]);
      return (data as { createUser: { user: { id: string } } }).createUser.user.id;
    };

    const change = async (administrator: Client, field: string, input: object): Promise<void> => {
      const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`;
      expect((await answerOf(administrator, query, { input })).codes).toEqual([]);
    };

    test('behind TLS that nginx ends, every cookie is of the public https address', async () => {
      const client = newClient();
      const page = await client.get('/login');
      expect(page.setCookies.every((line) => /^__Host-.*; secure/i.test(line))).toBe(true);
      expect(page.headers['strict-transport-security']).toBeDefined();
    });

    test(
      'a login on one is known on the other, and a logout ends it on both',
      async () => {
        const root = await loggedIn('root');
        await createUser(root, 'ann');
        for (let round = 0; round < rounds(10, 500); round++) {
          const ann = await loggedIn('ann');
          const copy = newClient();
          for (const [name, value] of ann.jar) copy.jar.set(name, value);
          for (const text of await onBoth(copy, WHO)) expect(text).toContain('user:ann');
          await answerOf(ann, 'mutation { logout { viewer { subject } } }');
          for (const text of await onBoth(copy, WHO)) expect(text).toContain('anonymous');
        }
      },
      patience,
    );

    test(
      'C46: a grant, a membership and a suspension act on both at the next request, given or taken',
      async () => {
        const root = await loggedIn('root');
        const id = await createUser(root, 'ben');
        let ben = await loggedIn('ben');
        for (let round = 0; round < rounds(10, 500); round++) {
          for (const text of await onBoth(ben, USERS)) expect(text).toContain('FORBIDDEN');

          const granting =
            'mutation ($input: GrantPermissionInput!) { grantPermission(input: $input) { grant { id } } }';
          const input = { subject: 'user:ben', permission: 'accounts.view_user' };
          const { data } = await answerOf(root, granting, { input });
          for (const text of await onBoth(ben, USERS)) expect(text).not.toContain('FORBIDDEN');
          const grantId = (data as { grantPermission: { grant: { id: string } } }).grantPermission.grant.id;
          await change(root, 'revokePermission', { id: grantId });
          for (const text of await onBoth(ben, USERS)) expect(text).toContain('FORBIDDEN');

          await change(root, 'addGroupMember', { group: 'support', member: 'user:ben' });
          for (const text of await onBoth(ben, USERS)) expect(text).not.toContain('FORBIDDEN');
          await change(root, 'removeGroupMember', { group: 'support', member: 'user:ben' });
          for (const text of await onBoth(ben, USERS)) expect(text).toContain('FORBIDDEN');

          await change(root, 'suspendUser', { id });
          for (const text of await onBoth(ben, WHO)) expect(text).toContain('anonymous');
          await change(root, 'reactivateUser', { id });
          for (const text of await onBoth(ben, WHO)) expect(text).toContain('anonymous');
          ben = await loggedIn('ben');
        }
      },
      patience,
    );

    test('an edited policy decides on both', async () => {
      const root = await loggedIn('root');
      await createUser(root, 'cleo');
      const cleo = await loggedIn('cleo');
      for (const text of await onBoth(cleo, USERS)) expect(text).toContain('FORBIDDEN');
      await appendFile(join(policies, 'groups.csv'), 'g, user:cleo, group:support\n');
      const deadline = performance.now() + 10_000;
      let answers: readonly string[] = ['FORBIDDEN'];
      while (answers.some((text) => text.includes('FORBIDDEN')) && performance.now() < deadline) {
        answers = await onBoth(cleo, USERS);
      }
      expect(answers.join()).not.toContain('FORBIDDEN');
    });
  });

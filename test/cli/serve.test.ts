import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inheritedEnvironment } from '../inherited-environment.ts';
import { runCommand } from './run-command.ts';

const root = resolve(import.meta.dirname, '../..');
// Each is a process of its own: seconds, not milliseconds.
const patience = 60_000;

let folder: string;
let running: ChildProcess | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-serve-'));
  await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
});
afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill('SIGKILL');
    await once(running, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({
  DATA_DIR: join(folder, 'data'),
  POLICY_DIR: join(folder, 'policies'),
  HOST: '127.0.0.1',
});

interface Serving {
  readonly process: ChildProcess;
  readonly port: number;
  readonly output: () => string;
}

/** `portcullis serve`, built, with this configuration file, once it takes requests. */
async function serve(port: number, config = 'export default {};'): Promise<Serving> {
  const file = join(folder, 'portcullis.config.ts');
  await writeFile(file, config);
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--config', file], {
    cwd: root,
    env: {
      ...inheritedEnvironment(),
      NODE_ENV: '',
      NODE_OPTIONS: '',
      ...environment(),
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let output = '';
  await new Promise<void>((ready, fail) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (output.includes('Portcullis is ready.')) ready();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', () => {
      fail(new Error(`It ended: ${output}`));
    });
  });
  return { process: child, port, output: () => output };
}

const login = async (port: number): Promise<string> => {
  const query =
    'mutation { login(input: { username: "ann", password: "a wrong password" }) { viewer { kind } } }';
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return answer.text();
};

const freePort = 20_000 + (process.pid % 20_000);

/** An authenticator in the style of a careless package: what it does comes later, from a timer, where nobody catches. */
const straying = `
class Straying {
  name = 'straying';
  authenticate() {
    setTimeout(() => { throw Object.assign(new Error('thrown from a timer'), { sent: 'seeded-7f3a9c' }); }, 5);
    void Promise.reject(new Error('rejected unawaited'));
    setTimeout(() => this.fail(), 50);
  }
}
const fields = [
  { name: 'username', label: 'Username', type: 'text', autocomplete: 'username', maxLength: 64 },
  { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', maxLength: 1024 },
];
const anything = { safeParse: (data) => ({ success: true, data }) };
export default {
  authenticators: [{ use: {
    name: 'straying',
    options: anything,
    create: () => ({
      name: 'straying',
      strategy: new Straying(),
      proves: { amr: ['pwd'], aal: 1 },
      form: { fields },
      identify: async () => ({ kind: 'none', reason: 'never' }),
    }),
  } }],
};`;

test(
  'C71: an authenticator that throws from a timer ends no process, only its own attempt',
  async () => {
    const { process: child, port, output } = await serve(freePort, straying);
    expect(await login(port)).toContain('BAD_CREDENTIALS');
    expect(await login(port)).toContain('BAD_CREDENTIALS');
    expect(child.exitCode).toBeNull();
    expect(output()).toContain('"event":"exception.stray"');
    expect(output()).toContain('"event":"rejection.stray"');
    expect(output()).toContain('thrown from a timer');
    expect(output()).not.toContain('seeded-7f3a9c');
  },
  patience,
);

test(
  'SIGTERM: a request in flight is answered, a second one is not taken, and the exit code is 0',
  async () => {
    const { process: child, port } = await serve(freePort + 1);
    const body = JSON.stringify({ query: '{ viewer { kind } }' });
    const outgoing = request({
      port,
      host: '127.0.0.1',
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const answered = once(outgoing, 'response') as Promise<[{ statusCode: number }]>;
    await new Promise<void>((sent) => outgoing.write(body.slice(0, 5), () => sent()));
    // The server must have read the head before it is told to stop.
    await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } });
    child.kill('SIGTERM');
    const stopping = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    outgoing.end(body.slice(5));
    expect((await answered)[0].statusCode).toBe(200);
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(Date.now() - stopping).toBeLessThan(5_000);
  },
  patience,
);

test.each([['serve'], ['user list'], ['migrate']])(
  'a data directory that is a file: "%s" says so in one line and does not show a stack',
  async (command) => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const secrets = 'a secret that is long enough to be one';
    const env = { ...environment(), DATA_DIR: file, NODE_ENV: 'production', SECRETS: secrets };
    const { code, stderr } = await runCommand(command.split(' '), { env });
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^portcullis: The data directory \S+ can't be used: .*Give another one with DATA_DIR\.\n$/,
    );
  },
  patience,
);

test.each([['serve'], ['user list'], ['group list'], ['migrate'], ['policy check']])(
  'a database that does not answer: "%s" says which one and what to do, without its password',
  async (command) => {
    const env = { ...environment(), DATABASE_URL: 'postgres://ann:seeded-7f3a9c@127.0.0.1:1/x' };
    const { code, stdout, stderr } = await runCommand(command.split(' '), { env });
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^portcullis: The database at DATABASE_URL can't be reached: .*Check that it runs/,
    );
    expect(stdout + stderr).not.toContain('seeded');
  },
  patience,
);

const redisUrl = process.env['REDIS_URL'] ?? '';
if (redisUrl !== '') {
  test(
    'a server that is refused at its start ends, though Redis is connected already (it hung for ever)',
    async () => {
      const env = { ...environment(), REDIS_URL: redisUrl, PUBLIC_URL: 'http://login.example.com' };
      const { code, stderr } = await runCommand(['serve'], { env });
      expect(code).toBe(3);
      expect(stderr).toContain('PUBLIC_URL is http://login.example.com');
    },
    patience,
  );
}

import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { once } from 'node:events';
import { inheritedEnvironment } from '../inherited-environment.ts';

const root = resolve(import.meta.dirname, '../..');

/** The demo as `npm run demo` starts it, on a copy of the shipped policy and in a data directory of its own. */
export interface RunningDemo {
  readonly url: string;
  /** The demo's OpenID Provider. */
  readonly provider: string;
  /** The copy of `policies/` that it reads. */
  readonly policies: string;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** @param config the configuration file, or `null` for the server as `npm start` runs it */
export async function startServer(config: string | null): Promise<RunningDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-e2e-'));
  const policies = join(folder, 'policies');
  await cp(join(root, 'policies'), policies, { recursive: true });
  const [port, providerPort] = [await freePort(), await freePort()];
  const child = spawn(
    process.execPath,
    ['dist/cli/main.js', 'serve', ...(config === null ? [] : ['--config', config])],
    {
      cwd: root,
      env: {
        ...inheritedEnvironment(),
        NODE_ENV: 'development',
        PORT: String(port),
        PROVIDER_PORT: String(providerPort),
        DATA_DIR: join(folder, 'data'),
        POLICY_DIR: [policies, ...(config === null ? [] : [join(root, 'examples/notes/policies')])].join(
          delimiter,
        ),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  await untilReady(child, () => printed);
  return {
    url: `http://localhost:${port}`,
    provider: `http://localhost:${providerPort}`,
    policies,
    output: () => printed,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(child: ChildProcess, printed: () => string): Promise<void> {
  const started = performance.now();
  while (!printed().includes('Portcullis is ready.')) {
    if (child.exitCode !== null) throw new Error(`The server stopped at its start:\n${printed()}`);
    if (performance.now() - started > 60_000) throw new Error(`Not ready within 60 s:\n${printed()}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

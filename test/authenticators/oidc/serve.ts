import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layEmbeddedDatabase } from '../../store/embedded-template.ts';
import { inheritedEnvironment } from '../../inherited-environment.ts';
import { createClient, type Client } from '../../http/client.ts';

const root = resolve(import.meta.dirname, '../../..');

/** A server in a process of its own, as an operator runs it: what ends the process is seen. */
export interface Served {
  /** How the process ended; `null` while it runs. */
  readonly ended: () => number | NodeJS.Signals | null;
  /** Everything that it printed and logged. */
  readonly output: () => string;
  client(): Client;
  stop(): Promise<void>;
}

/** `portcullis serve` from sources, with an embedded database, on a copy of the shipped policy. */
export async function serve(authenticators: readonly object[]): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-oidc-'));
  await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
  await layEmbeddedDatabase(join(folder, 'data'));
  const port = await freePort();
  const settings = {
    host: '127.0.0.1',
    port,
    dataDir: join(folder, 'data'),
    policyFolders: [join(folder, 'policies')],
    authenticators,
  };
  const file = join(folder, 'portcullis.config.js');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(file, `export default ${JSON.stringify(settings)};`);
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--config', file], {
    cwd: root,
    env: {
      ...inheritedEnvironment(),
      NODE_ENV: 'development',
      NODE_OPTIONS: '',
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await untilReady(child, () => output);
  return {
    ended: () => child.exitCode ?? child.signalCode,
    output: () => output,
    client: () => createClient({ address: '127.0.0.1', family: 'IPv4', port }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(child: ChildProcess, printed: () => string): Promise<void> {
  const began = performance.now();
  while (!printed().includes('Portcullis is ready.')) {
    if (child.exitCode !== null) throw new Error(`The server stopped at its start:\n${printed()}`);
    if (performance.now() - began > 60_000) throw new Error(`Not ready within 60 s:\n${printed()}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

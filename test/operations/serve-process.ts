import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layEmbeddedDatabase } from '../store/embedded-template.ts';

const root = resolve(import.meta.dirname, '../..');

/** A folder with a policy, a data directory and a configuration with things that take long. */
export interface Workplace {
  readonly folder: string;
  readonly serve: (settings?: string) => Promise<Serving>;
  readonly remove: () => Promise<void>;
}

export interface Serving {
  readonly process: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  /** When it has ended: its code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** `slow` answers after a while, `hold` after a minute; `ticks` never ends by itself. */
const config = (settings: string): string => `
import { defineModule } from '${root}/src/index.ts';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const slow = defineModule({
  name: 'slow',
  typeDefs: 'type Query { slow(ms: Int!): Int hold: Int } type Subscription { ticks: Int silence: Int }',
  resolvers: {
    Query: {
      slow: async (_, { ms }) => { await wait(ms); return ms; },
      hold: async () => { await wait(60_000); return 1; },
    },
    Subscription: {
      ticks: { subscribe: async function* () { for (let n = 0; ; n += 1) { yield { ticks: n }; await wait(100); } } },
      silence: { subscribe: async function* () { await wait(600_000); yield { silence: 1 }; } },
    },
  },
});
export default { modules: [slow], ${settings} };
`;

export async function prepareWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-serving-'));
  await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
  const fields = ['Query.slow', 'Query.hold', 'Subscription.ticks', 'Subscription.silence'];
  const rows = fields.map((field) => `p, everyone, ${field}, *, allow`);
  await writeFile(join(folder, 'policies', 'slow.csv'), `${rows.join('\n')}\n`);
  await layEmbeddedDatabase(join(folder, 'data'));
  const running = new Set<ChildProcess>();
  return {
    folder,
    async serve(settings = '') {
      const file = join(folder, 'portcullis.config.ts');
      await writeFile(file, config(settings));
      const port = await freePort();
      const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--config', file], {
        cwd: root,
        env: {
          PATH: process.env['PATH'],
          DATA_DIR: join(folder, 'data'),
          POLICY_DIR: join(folder, 'policies'),
          HOST: '127.0.0.1',
          PORT: String(port),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      const ended = once(child, 'exit').then(([code, signal]) => {
        running.delete(child);
        return (code ?? signal) as number | NodeJS.Signals;
      });
      let output = '';
      await new Promise<void>((ready, fail) => {
        const take = (chunk: Buffer): void => {
          output += chunk.toString('utf8');
          if (output.includes('Portcullis is ready.')) ready();
        };
        child.stdout.on('data', take);
        child.stderr.on('data', take);
        void ended.then(() => {
          fail(new Error(`It ended: ${output}`));
        });
      });
      return { process: child, port, output: () => output, ended };
    },
    async remove() {
      for (const child of running) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

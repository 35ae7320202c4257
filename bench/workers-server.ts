/** The servers that bench/workers.ts asks: as they are run, each with processes of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const login = { username: 'bench', password: 'correct horse battery staple' };

/** The configuration of all of them, with somebody to ask as. */
export const writeConfig = (folder: string): Promise<void> =>
  writeFile(
    join(folder, 'portcullis.config.ts'),
    `import { operator } from '${root}/src/index.ts';
const person = ${JSON.stringify(login)};
export default {
  redisPrefix: 'portcullis-bench:${process.pid}:',
  started: async ({ accounts }) => {
    if ((await accounts.findByUsername(person.username)) === null) await accounts.create(person, operator);
  },
};`,
  );

export interface Server {
  readonly name: string;
  readonly workers: number;
  readonly process: ChildProcess;
  readonly port: number;
  readonly cookie: string;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** `portcullis serve` with so many workers, once all of them take requests, and somebody logged in. */
export async function startServer(
  folder: string,
  name: string,
  workers: number,
  url: string,
): Promise<Server> {
  const [port, output] = [await freePort(), join(folder, `${name}.log`)];
  const log = openSync(output, 'a');
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'src/cli/main.ts',
      '--config',
      join(folder, 'portcullis.config.ts'),
      'serve',
      `--workers=${workers}`,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        DATABASE_URL: url,
        DATA_DIR: join(folder, name),
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL: 'http://localhost:4000',
        METRICS_PORT: '',
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  while (!/rules cover \d+ of \d+ fields/.test(readFileSync(output, 'utf8'))) {
    if (child.exitCode !== null) throw new Error(readFileSync(output, 'utf8'));
    await new Promise((next) => setTimeout(next, 100));
  }
  const mutation = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: mutation, variables: { input: login } }),
  });
  const [begun = ''] = answer.headers.getSetCookie();
  const cookie = begun.split(';')[0] ?? '';
  if (cookie === '') throw new Error(await answer.text());
  return { name, workers, process: child, port, cookie };
}

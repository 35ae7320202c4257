import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareWorkers, type WorkersSite } from '../workers/serve-workers.ts';
import { runCommand } from './run-command.ts';

const patience = 120_000;

let site: WorkersSite;
beforeAll(async () => {
  site = await prepareWorkers('embedded');
});
afterAll(() => site.remove());

test.each(['0', '1.5', 'x', '1000', '-2', '', '1e2', ' 2'])(
  '--workers "%s" is refused as misuse, with what to write',
  async (workers) => {
    const { code, stderr } = await runCommand(['serve', `--workers=${workers}`], { env: site.env });
    expect(code).toBe(2);
    expect(stderr).toContain(`option '--workers <count>' argument '${workers}' is invalid.`);
    expect(stderr).toContain('Write a whole number from 1 to 256.');
  },
  patience,
);

test.each(['0', '1.5', 'x', '1000'])(
  'WORKERS=%s is refused as every setting is, with its name',
  async (workers) => {
    const { code, stderr } = await runCommand(['serve'], { env: { ...site.env, WORKERS: workers } });
    expect(code).toBe(3);
    expect(stderr).toBe('portcullis: workers (WORKERS): Write a whole number from 1 to 256.\n');
  },
  patience,
);

test(
  'one worker is a server as ever: one process, whose lines name no worker; and --workers wins over WORKERS',
  async () => {
    const served = await site.serve(['--workers', '1'], { WORKERS: '2' });
    const answer = await served.client().json('/graphql', { query: '{ pid }' });
    expect(JSON.parse(answer.text)).toEqual({ data: { pid: served.supervisor.pid } });
    served.supervisor.kill('SIGTERM');
    expect(await served.ended).toBe(0);
    expect(served.output()).not.toContain('"worker"');
    expect(served.output()).not.toMatch(/Workers +/);
  },
  patience,
);

test(
  'more workers than cores are taken, by WORKERS too, with a warning; a link for the first administrator comes once',
  async () => {
    const many = availableParallelism() + 1;
    const alone = await prepareWorkers('embedded');
    try {
      await writeFile(alone.configFile, 'export default {};\n');
      await rm(join(alone.policies, 'probes.csv'));
      const served = await alone.serve([], { WORKERS: String(many) });
      expect(served.output()).toContain('"event":"workers.many"');
      expect(served.workers().size).toBe(many);
      const links = [...served.output().matchAll(/http:\S+\/setup\?token=\S+/g)].map(
        ([link]) => new URL(link),
      );
      expect(links).toHaveLength(1);
      // Still good: none of the others made a newer one.
      const page = await served.client().get(`/setup${links[0]?.search ?? ''}`);
      expect(page.status).toBe(200);
    } finally {
      await alone.remove();
    }
  },
  patience,
);

test(
  'a port that is taken is said once, and nothing stays behind',
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = ['--config', site.configFile, 'serve', '--workers', '2'];
    for (const [name, sentence] of [
      ['PORT', `Port ${port} of 127.0.0.1 is taken.`],
      ['METRICS_PORT', `Metrics can't be served on 127.0.0.1:${port} (EADDRINUSE).`],
    ] as const) {
      const { code, stderr } = await runCommand(args, { env: { ...site.env, [name]: String(port) } });
      expect(code).toBe(3);
      expect(stderr.split('\n').filter((line) => line.includes(sentence))).toHaveLength(1);
    }
    taken.close();
    // The embedded database is free again.
    expect((await runCommand(['--config', site.configFile, 'user', 'list'], { env: site.env })).code).toBe(0);
  },
  patience,
);

test(
  'a database that does not answer is said once, without its password, and so is a data directory in use',
  async () => {
    const args = ['--config', site.configFile, 'serve', '--workers', '3'];
    const env = { ...site.env, DATABASE_URL: 'postgres://ann:seeded-7f3a9c@127.0.0.1:1/x' };
    const away = await runCommand(args, { env });
    expect(away.code).toBe(3);
    expect(away.stderr.match(/The database at DATABASE_URL can't be reached/g)).toHaveLength(1);
    expect(away.stdout + away.stderr).not.toContain('seeded');

    const first = await site.serve();
    const second = await runCommand(args, { env: { ...site.env, PORT: '0' } });
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(/^portcullis: Another process already uses the data directory/);
    first.supervisor.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  },
  patience,
);

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { inheritedEnvironment } from '../inherited-environment.ts';
import { type CommandResult, runCommand } from './run-command.ts';

const root = resolve(import.meta.dirname, '../..');

const modelOf = (matcher: string, effect = 'some(where (p.eft == allow))'): string => `[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = ${effect}
[matchers]
m = ${matcher}
`;
const files = {
  'rbac.conf': modelOf('g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act'),
  'owner.conf': modelOf('r.sub.name == p.sub && r.obj == p.obj && r.act == p.act'),
  'regex.conf': modelOf('r.sub == p.sub && regexMatch(r.obj, p.obj) && r.act == p.act'),
  'this.conf': modelOf('g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act && this == this'),
  'broken.conf': '[request_definition]\nr = sub\n',
  'people.csv': 'p, alice, data1, read\np, admin, data2, write\n',
  'roles.csv': 'g, bob, admin\n',
  'broken.csv': 'p, alice, data1, read\np, "bob, data1\n',
  'slow.csv': 'p, alice, (a+)+$, read\n',
  'hangs.csv': 'p, alice, /{a/{id}, read\n',
  'requests.jsonl': '["bob","data2","write"]\n["bob","data1","read"]\n',
} as const;

let folder = '';
const at = (name: keyof typeof files): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-eval-'));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
});
afterAll(() => rm(folder, { recursive: true }));

const rbac = (): readonly string[] => [
  '--model',
  at('rbac.conf'),
  '--policy',
  at('people.csv'),
  at('roles.csv'),
];
const evaluate = (args: readonly string[], input = ''): Promise<CommandResult> =>
  runCommand(['policy', 'eval', ...args], { input });
const decided = (allow: boolean, ...rule: readonly string[]): string =>
  `${JSON.stringify({ allow, rule })}\n`;

const alice = '["alice","data1","read"]\n';
const aliceMay = decided(true, 'alice', 'data1', 'read');
const bobMay = decided(true, 'admin', 'data2', 'write');

describe('policy eval', () => {
  test('answers each request on a line, with the row that decided', async () => {
    expect(await evaluate(rbac(), `${alice}["bob","data2","write"]\n["bob","data1","read"]\n`)).toEqual({
      code: 0,
      stdout: aliceMay + bobMay + decided(false),
      stderr: '',
    });
  });

  test('needs neither configuration nor database, and reads requests from a file', async () => {
    const args = ['--config', join(folder, 'none.ts'), 'policy', 'eval', ...rbac()];
    const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' };
    expect(await runCommand([...args, '--requests', at('requests.jsonl')], { env })).toEqual({
      code: 0,
      stdout: bobMay + decided(false),
      stderr: '',
    });
  });

  test('takes objects, for models of attributes', async () => {
    const args = ['--model', at('owner.conf'), '--policy', at('people.csv')];
    expect(await evaluate(args, '[{"name":"alice"},"data1","read"]\n')).toEqual({
      code: 0,
      stdout: aliceMay,
      stderr: '',
    });
  });

  test('says by number which line could not be decided, and why, and never allows it', async () => {
    const lines = [
      '{"allow":true}',
      'alice, data1, read',
      '["alice","data1"]',
      '"alice"',
      '[{"toString":1},"data1","read"]',
      '["alice","data1","read"',
    ];
    const { code, stdout, stderr } = await evaluate(rbac(), `${lines.join('\n')}\n${alice}`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const answers = stdout.trimEnd().split('\n');
    expect(answers.pop()).toBe(aliceMay.trimEnd());
    const errors = answers.map((line) => JSON.parse(line) as Record<string, string>);
    expect(errors.map((each) => Object.keys(each))).toEqual(lines.map(() => ['error']));
    const noArray = 'It is no JSON array. Write one, such as ["alice", "data1", "read"].';
    expect(errors.map(({ error }) => error)).toEqual([
      `line 1: ${noArray}`,
      `line 2: ${noArray}`,
      "line 3: The request has 2 values; the model's has 3: sub, obj, act.",
      `line 4: ${noArray}`,
      expect.stringMatching(/^line 5: ./),
      `line 6: ${noArray}`,
    ]);
  });

  test('a match that takes too long is an error of its line alone', async () => {
    const input = `["alice","${'a'.repeat(40)}!","read"]\n["alice","aaa","read"]\n`;
    const { code, stdout } = await evaluate(['--model', at('regex.conf'), '--policy', at('slow.csv')], input);
    const [slow = '', fast] = stdout.split('\n');
    expect(JSON.parse(slow)).toEqual({ error: expect.stringContaining('line 1: regexMatch gave up') });
    expect({ code, fast }).toEqual({ code: 1, fast: '{"allow":true,"rule":["alice","(a+)+$","read"]}' });
  });

  test('takes a byte order mark, CR LF, empty lines and a last line without an end', async () => {
    const input = `\uFEFF["bob","data2","write"]\r\n\r\n   \n\n${alice.trimEnd()}\r\n["bob"]`;
    const { code, stdout } = await evaluate(rbac(), input);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\{"allow":true.*\n\{"allow":true.*\n\{"error":"line 6: .*\n$/);
  });

  test('a line break of Unicode within a value ends no line, and is shown', async () => {
    const { code, stdout } = await evaluate(
      ['--model', at('rbac.conf'), '--policy', await write('odd.csv', 'p, a\u2028b\u202e, data1, read\n')],
      '["a\u2028b\u202e","data1","read"]\n',
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '{"allow":true,"rule":["a\\u2028b\\u202e","data1","read"]}\n',
    });
  });

  test('a line that is not UTF-8 is not decided: two names could be read as one', async () => {
    const file = join(folder, 'latin1.jsonl');
    await writeFile(file, Buffer.from('["\xe9","data1","read"]\n', 'latin1'));
    const { code, stdout } = await evaluate([...rbac(), '--requests', file]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: '{"error":"line 1: It is not UTF-8. Save it as that."}\n',
    });
  });

  test('a long line is decided; one beyond 16 MiB is an error, and the next is decided', async () => {
    const long = (length: number): string => `["alice","data1","read"${' '.repeat(length)}]\n`;
    const { code, stdout } = await evaluate(rbac(), long(8 * 2 ** 20) + long(17 * 2 ** 20) + alice);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `${aliceMay}{"error":"line 2: It is longer than 16 MiB. Write less of it."}\n${aliceMay}`,
    });
  });

  test('no requests are no error', async () => {
    expect(await evaluate(rbac())).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('policy eval by stock Casbin', () => {
  test('where a model can not be planned, says so and why beside the answers', async () => {
    const args = ['--model', at('this.conf'), '--policy', at('people.csv')];
    expect(await evaluate(args, alice)).toEqual({
      code: 0,
      stdout: aliceMay,
      stderr: 'portcullis: Stock Casbin decides: `this`.\n',
    });
  });

  test('where it is asked for, answers the same and says nothing', async () => {
    const input = `${alice}["bob","data2","write"]\n["bob","data1","read"]\n["bob"]\n`;
    const { code, stdout, stderr } = await evaluate([...rbac(), '--stock'], input);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.startsWith(aliceMay + bobMay + decided(false))).toBe(true);
    expect(stdout).toMatch(/\n\{"error":"line 4: invalid request size.*\n$/);
  });
});

describe('policy eval refuses', () => {
  const people = (): string[] => ['--policy', at('people.csv')];
  test.each<[what: string, args: () => readonly string[], message: RegExp]>([
    ['no model', people, /required option '--model <file>'/],
    ['no policy', () => ['--model', at('rbac.conf')], /required option '--policy <files...>'/],
    ['another argument', () => [...rbac(), '--fast'], /unknown option '--fast'/],
    [
      'a model that is not there',
      () => ['--model', 'none.conf', ...people()],
      /--model names none.conf, which is not there. Check the path./,
    ],
    [
      'a policy that is not there',
      () => [...rbac(), '--policy', 'none.csv'],
      /--policy names none.csv, which is not there/,
    ],
    [
      'requests that are not there',
      () => [...rbac(), '--requests', 'none'],
      /--requests names none, which is not there/,
    ],
    ['a folder', () => [...rbac(), '--requests', folder], /which is a folder. Name a file./],
    [
      'a broken model',
      () => ['--model', at('broken.conf'), ...people()],
      /The model .*broken.conf is refused: .* Mend it, then try again./,
    ],
    [
      'a broken line',
      () => [...rbac(), '--policy', at('broken.csv')],
      /The policy .*broken.csv is refused: .*broken.csv:2: .* Mend it/,
    ],
    [
      'a pattern that never ends',
      () => ['--model', at('rbac.conf').replace('rbac', 'key'), '--policy', at('hangs.csv')],
      /The policy .*hangs.csv is refused: keyMatch4 does not take the pattern/,
    ],
  ])('%s, with what to do', async (_what, args, message) => {
    await write('key.conf', modelOf('r.sub == p.sub && keyMatch4(r.obj, p.obj)'));
    const { code, stdout, stderr } = await evaluate(args(), alice);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('policy eval, line by line', () => {
  let child: ChildProcessWithoutNullStreams | null = null;
  afterEach(() => void child?.kill('SIGKILL'));
  const start = (nodeOptions = ''): ChildProcessWithoutNullStreams => {
    const env = { ...inheritedEnvironment(), NODE_ENV: 'development', NODE_OPTIONS: nodeOptions };
    child = spawn(process.execPath, ['dist/cli/main.js', 'policy', 'eval', ...rbac()], { cwd: root, env });
    child.stdin.on('error', () => undefined);
    return child;
  };

  test('answers a request before the next one comes', async () => {
    const { stdin, stdout } = start();
    const answers = createInterface(stdout)[Symbol.asyncIterator]();
    for (let round = 0; round < 3; round += 1) {
      stdin.write(alice);
      expect(await answers.next()).toEqual({ done: false, value: aliceMay.trimEnd() });
    }
    stdin.end();
    expect(await answers.next()).toMatchObject({ done: true });
  });

  test('reads no further while nobody takes the answers', async () => {
    const { stdin, stdout } = start();
    const many = alice.repeat(1_000);
    let written = 0;
    while (written < 200) {
      written += 1;
      if (stdin.write(many)) continue;
      const drained = await Promise.race([once(stdin, 'drain'), wait(2_000, null)]);
      if (drained === null) break;
    }
    expect(written).toBeLessThan(50);
    stdin.end();
    const answers = await text(stdout);
    expect(answers).toBe(aliceMay.repeat(1_000 * written));
  });

  test('decides many requests in little memory', async () => {
    const process = start('--max-old-space-size=48');
    const exited = once(process, 'exit');
    let lines = 0;
    process.stdout.on('data', (piece: Buffer) => {
      for (const byte of piece) if (byte === 0x0a) lines += 1;
    });
    const many = alice.repeat(1_000);
    for (let round = 0; round < 500; round += 1)
      if (!process.stdin.write(many)) await once(process.stdin, 'drain');
    process.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(lines).toBe(500_000);
  });

  test('ends in silence when nobody reads any more', async () => {
    const process = start();
    const complaints = text(process.stderr);
    const exited = once(process, 'exit');
    process.stdin.write(alice);
    await once(process.stdout, 'data');
    process.stdout.destroy();
    process.stdin.write(alice);
    expect(await exited).toEqual([0, null]);
    expect(await complaints).toBe('');
  });
});

async function write(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

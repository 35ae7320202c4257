import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OperatorError } from '../../../src/core/errors.ts';
import { rounds } from '../../rounds.ts';
import { builtin, model } from '../fixture.ts';
import { answersOf, setDesk, type Desk } from './desk.ts';

const rules = `# what support may do
g2, Query.users, people.view_user
g2, User.email, people.view_user
g, user:root, group:superusers
g, group:lead, group:support
p, group:support, people.view_user, *, allow
p, authenticated, Query.notes, *, allow
p, authenticated, Mutation.updateNote, *, allow, self(r.ctx)
p, everyone, Mutation.deleteUser, *, deny, "!fresh(r.ctx, '5m')"
`;

let desk: Desk;
beforeEach(() => {
  desk = setDesk(rules);
});
afterEach(() => desk.clear());

/** Edits of one line that stock casbin takes, most of them without a word. */
const badLines: readonly ((line: string) => string)[] = [
  (line) => `P${line.slice(1)}`,
  (line) => `p${line}`,
  (line) => line.replaceAll(',', ';'),
  (line) => line.replace(', ', ',\t'),
  (line) => `${line} # why`,
  (line) => `${line}, "unclosed`,
  (line) => line.slice(0, line.indexOf(',')),
  (line) => `${line}, , more, and more`,
  (line) => line.replace(/,(\s)/, ',\u200b$1'),
  (line) => line.replace(/[ae]/, (letter) => (letter === 'a' ? '\u0430' : '\u0435')),
  (line) => `${line.slice(0, 5)}\0${line.slice(5)}`,
  (line) => `${line}\r${line}`,
];

describe('a bad edit', () => {
  test(
    'C41: changes no decision and is reported with file and line',
    async () => {
      const engine = await desk.open();
      const before = answersOf(engine.current());
      const { version } = engine.current();
      const lines = rules.split('\n').slice(0, -1);
      let reported = 0;
      let changed = 0;
      const count = rounds(500, 10_000);
      const edits = fc.sample(
        fc.record({
          line: fc.integer({ min: 1, max: lines.length - 1 }),
          edit: fc.constantFrom(...badLines),
        }),
        { numRuns: count, seed: 20261120 },
      );
      for (const { line, edit } of edits) {
        const text = lines.with(line, edit(lines[line]!));
        desk.write('rules.csv', `${text.join('\n')}\n`);
        const status = await engine.reload();
        const here = status.refusal.some(
          (finding) => finding.file === 'rules.csv' && finding.line === line + 1,
        );
        if (here && status.source === 'last-good') reported += 1;
        if (answersOf(engine.current()) !== before || status.version !== version) changed += 1;
      }
      expect({ count, reported, changed }).toEqual({ count, reported: count, changed: 0 });
      expect(
        desk.told.some(({ level, message }) => level === 'error' && /rules\.csv:\d+: error/.test(message)),
      ).toBe(true);

      desk.write('rules.csv', rules);
      expect(await engine.reload()).toMatchObject({ source: 'files', refusal: [], version });
    },
    rounds(30_000, 900_000),
  );

  test('that is told once is not told again for each double event', async () => {
    const engine = await desk.open();
    desk.write('rules.csv', 'nonsense\n');
    await engine.reload();
    const told = desk.told.length;
    await engine.reload();
    await engine.reload();
    expect(desk.told).toHaveLength(told);
  });

  test('calls the listeners, as a swap does, until they stop; and one that throws stops nobody', async () => {
    const engine = await desk.open();
    const heard: string[] = [];
    engine.onChange(() => {
      throw new Error('a bad listener');
    });
    const stop = engine.onChange(
      (status) => void heard.push(`${status.source} ${status.refusal.length > 0}`),
    );
    desk.write('rules.csv', 'nonsense\n');
    await engine.reload();
    desk.write('rules.csv', `${rules}# one more line\n`);
    await engine.reload();
    stop();
    desk.write('rules.csv', rules);
    await engine.reload();
    expect(heard).toEqual(['last-good true', 'files false']);
  });
});

describe('F06: a policy folder', () => {
  const elsewhere = (): string => mkdtempSync(join(tmpdir(), 'portcullis-elsewhere-'));
  const shapes: readonly [string, (desk: Desk) => void][] = [
    ['that vanishes', ({ folder }) => rmSync(folder, { recursive: true })],
    [
      'that becomes a file',
      ({ folder }) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, 'x');
      },
    ],
    [
      'that is swapped for an empty one',
      ({ folder }) => {
        rmSync(folder, { recursive: true });
        symlinkSync(elsewhere(), folder);
      },
    ],
    [
      'that points nowhere',
      ({ folder }) => {
        rmSync(folder, { recursive: true });
        symlinkSync('/nowhere/at/all', folder);
      },
    ],
    ['without its model', ({ path }) => unlinkSync(path('model.conf'))],
    ['with an empty model', ({ write }) => write('model.conf', '')],
    [
      'with a directory in place of a file',
      ({ path }) => {
        unlinkSync(path('rules.csv'));
        mkdirSync(path('rules.csv'));
      },
    ],
    [
      'with a link to nothing in place of a file',
      ({ path }) => {
        unlinkSync(path('rules.csv'));
        symlinkSync('/nowhere.csv', path('rules.csv'));
      },
    ],
    [
      'with a device in place of a file',
      ({ path }) => {
        unlinkSync(path('rules.csv'));
        symlinkSync('/dev/zero', path('rules.csv'));
      },
    ],
    [
      'with a file of invalid UTF-8',
      ({ write }) => write('rules.csv', Uint8Array.of(0x70, 0x2c, 0xff, 0xfe)),
    ],
    ['with a byte order mark', ({ write }) => write('rules.csv', `\ufeff${rules}`)],
    ['with a giant file', ({ write }) => write('rules.csv', Buffer.alloc(17 * 1024 * 1024, '#'))],
    // Permissions do not hold root back: there the file would be read as ever.
    ...(process.getuid?.() === 0
      ? []
      : [
          ['with a file that may not be read', ({ path }: Desk) => chmodSync(path('rules.csv'), 0o000)] as [
            string,
            (desk: Desk) => void,
          ],
        ]),
  ];

  test.each(shapes)(
    '%s changes no decision, is reported, and does not keep a restart down',
    async (_, spoil) => {
      const engine = await desk.open();
      const before = answersOf(engine.current());
      spoil(desk);
      const status = await engine.reload();
      expect(status.source).toBe('last-good');
      expect(status.refusal.length).toBeGreaterThan(0);
      expect(answersOf(engine.current())).toBe(before);

      const restarted = await desk.open();
      expect(restarted.status()).toMatchObject({ source: 'last-good', version: engine.current().version });
      expect(restarted.status().refusal.length).toBeGreaterThan(0);
      expect(answersOf(restarted.current())).toBe(before);
    },
  );

  test('that cannot decide refuses a first start with every finding', async () => {
    desk.write('rules.csv', `nonsense\np, everyone, Query.nothing, *, allow\n`);
    const opened = desk.open();
    await expect(opened).rejects.toBeInstanceOf(OperatorError);
    const { faults } = (await opened.catch((error: unknown) => error)) as OperatorError;
    expect(faults.some((fault) => fault.startsWith('rules.csv:1: error'))).toBe(true);
    expect(faults.some((fault) => fault.startsWith('rules.csv:2: error'))).toBe(true);
  });

  test('with one file name twice over two folders is refused', async () => {
    const second = elsewhere();
    writeFileSync(join(second, 'rules.csv'), rules);
    await expect(desk.open({ folders: [desk.folder, second] })).rejects.toBeInstanceOf(OperatorError);
    rmSync(second, { recursive: true });
  });

  test('beside another one is read in order of file name over both', async () => {
    const second = elsewhere();
    writeFileSync(join(second, 'a-first.csv'), 'p, authenticated, Query.notes, read, allow\n');
    const engine = await desk.open({ folders: [desk.folder, second] });
    expect(engine.current().rows.rules.map((rule) => rule.provenance)[0]).toMatchObject({
      file: 'a-first.csv',
    });
    rmSync(second, { recursive: true });
  });

  test.each(['guardrails.CSV', 'Guardrails.Csv', 'Model.conf', 'Development.csv'])(
    'with a file that its author took for policy and nobody would read as such is refused: %s',
    async (name) => {
      const engine = await desk.open();
      desk.write(name, '# p, everyone, Query.users, *, deny\n');
      const { refusal } = await engine.reload();
      expect(refusal).toMatchObject([{ code: 'unknown-file', file: name }]);
    },
  );

  test('keeps the files of editors out, and development.csv in production', async () => {
    desk.write('.rules.csv.swp', 'nonsense');
    desk.write('.#rules.csv', 'nonsense');
    desk.write('#rules.csv#', 'nonsense');
    desk.write('rules.csv~', 'nonsense');
    desk.write('development.csv', 'p, everyone, Query.__schema, *, nonsense\n');
    const engine = await desk.open({ production: true });
    expect(engine.status().refusal).toEqual([]);
    await expect(desk.open({ lastGoodFile: null })).rejects.toBeInstanceOf(OperatorError);
  });
});

describe('the last good files', () => {
  test('that were damaged do not come back as a policy', async () => {
    const kept = join(desk.folder, '..', 'data', 'last-good.json');
    await desk.open();
    writeFileSync(
      kept,
      JSON.stringify({
        format: 1,
        digest: 'sha256-0',
        files: [
          { name: 'model.conf', text: model },
          { name: 'builtin.csv', text: builtin },
        ],
      }),
    );
    desk.write('rules.csv', 'nonsense\n');
    await expect(desk.open()).rejects.toBeInstanceOf(OperatorError);
  });

  test('that cannot be written do not keep the policy from deciding', async () => {
    const engine = await desk.open({ lastGoodFile: join(desk.path('rules.csv'), 'last-good.json') });
    expect(engine.status().source).toBe('files');
    expect(
      desk.told.some(({ level, message }) => level === 'error' && message.includes('could not be kept')),
    ).toBe(true);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PolicyRows, Rule } from '../../../src/policy/rule.ts';
import { loadPolicy } from '../../../src/policy/files/load-policy.ts';
import { rounds } from '../../rounds.ts';
import { brief, builtin, declarations, filesOf, findingsOf, goodRows, load, noGrants } from './sample.ts';

describe('a good policy', () => {
  test('loads without a finding, each row with its file and line', () => {
    const loaded = load(filesOf(goodRows));
    expect(brief(loaded.findings)).toEqual([]);
    expect(loaded.rows.rules).toHaveLength(7);
    expect(loaded.rows.rules[3]).toEqual({
      subject: 'authenticated',
      object: 'Mutation.updateNote',
      action: 'write',
      effect: 'allow',
      condition: "self(r.ctx) && in_network(r.ctx, '10.0.0.0/8')",
      provenance: { kind: 'file', file: 'rows.csv', line: 14 },
    });
    expect([...loaded.conditions.keys()]).toHaveLength(4);
  });

  test('is read the same from bytes and with CR LF line ends', () => {
    const loaded = load(filesOf(goodRows));
    const windows = load(filesOf(new TextEncoder().encode(goodRows.replaceAll('\n', '\r\n'))));
    expect(windows.rows).toEqual(loaded.rows);
    expect(windows.findings).toEqual([]);
  });

  test('keeps Type.* as written and gives casbin the coordinates, sorted', () => {
    const { rows, coverage } = load(filesOf(goodRows));
    expect(rows.coverage.map(({ member }) => member)).toContain('User.*');
    expect(coverage.map(({ member }) => member)).toEqual([
      'Query.users',
      'User.email',
      'User.name',
      'accounts.view_user',
      'Mutation.deleteUser',
    ]);
  });

  test('is read in order of file name, and without development.csv in production', () => {
    const files = [
      { name: 'development.csv', text: 'p, everyone, Query.__schema, *, allow\n' },
      ...filesOf('p, everyone, Query.users, *, allow\n'),
      { name: 'a.csv', text: 'p, everyone, Query.note, *, allow\n' },
    ];
    const objects = (production: boolean): readonly string[] =>
      loadPolicy(files, declarations, noGrants, { production }).rows.rules.map(({ object }) => object);
    expect(objects(false)).toEqual(['Query.note', 'Query.__schema', 'Query.users']);
    expect(objects(true)).toEqual(['Query.note', 'Query.users']);
  });

  test('may be empty: then it allows nothing, and that is no fault', () => {
    expect(load([{ name: 'model.conf', text: filesOf('')[1]?.text ?? '' }]).findings).toEqual([]);
  });

  test('of 10,000 rules loads in less than a second', () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, index) =>
        `p, user:u${index}, Note.title, *, allow, "r.ctx.object.size == ${index % 100} && self(r.ctx)"`,
    );
    const times = Array.from({ length: 3 }, () => {
      const start = performance.now();
      load(filesOf(rows.join('\n')));
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(1_000);
    const loaded = load(filesOf(rows.join('\n')));
    expect(loaded.findings).toEqual([]);
    expect(loaded.conditions.size).toBe(100);
  });
});

describe('files of a folder', () => {
  test('a folder without model.conf, with two files of one name or with something else is refused', () => {
    const [rows, model] = filesOf('');
    expect(brief(load([rows!]).findings)).toEqual(['model.conf:0 missing-model']);
    expect(brief(load([rows!, rows!, model!]).findings)).toEqual(['0 duplicate-file']);
    expect(brief(load([model!, { name: 'notes.txt', text: '' }]).findings)).toEqual([
      'notes.txt:0 unknown-file',
    ]);
  });

  test('findings come by file and line, however the checks found them', () => {
    expect(findingsOf('x\np, user:ann, app.none, *, deny\nP\n')).toEqual([
      '1 unknown-row-kind',
      '2 guards-nothing',
      '3 unknown-row-kind',
    ]);
  });
});

describe('grants', () => {
  const provenance = { kind: 'grant', id: '0190-7f3a', by: 'user:root', at: Date.UTC(2026, 10, 20) } as const;
  const rule = {
    subject: 'user:ann',
    object: 'Query.users',
    action: '*',
    effect: 'allow',
    condition: null,
    provenance,
  } as const;
  const grant = (rows: Partial<PolicyRows>): PolicyRows => ({ ...noGrants, ...rows });

  test('a grant comes after the rows of the files and may repeat one', () => {
    const loaded = load(filesOf('p, user:ann, Query.users, *, allow\n'), grant({ rules: [rule] }));
    expect(loaded.findings).toEqual([]);
    expect(loaded.rows.rules.map((row) => row.provenance.kind)).toEqual(['file', 'grant']);
  });

  test('a grant about something that the schema has lost is left out with a warning, and does not stop the server', () => {
    const lost = [
      { ...rule, object: 'Query.gone' },
      { ...rule, object: 'Gone.*' },
    ];
    const loaded = load(filesOf(''), grant({ rules: lost }));
    expect(loaded.rows.rules).toEqual([]);
    expect(brief(loaded.findings)).toEqual(
      Array(2).fill('grant 7f3a by user:root on 2026-11-20:0 stale-grant'),
    );
  });

  test('a grant with a condition, a foreign name or a cycle is an error', () => {
    const codes = (rows: Partial<PolicyRows>): readonly string[] =>
      load(filesOf('g, group:a, group:b\n'), grant(rows))
        .findings.filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
    expect(codes({ rules: [{ ...rule, condition: 'self(r.ctx)' }] })).toEqual(['grant-condition']);
    expect(codes({ rules: [{ ...rule, subject: 'ann' }] })).toEqual(['subject-without-kind']);
    expect(codes({ memberships: [{ member: 'group:b', group: 'group:a', provenance }] })).toEqual([
      'hierarchy-cycle',
      'hierarchy-cycle',
    ]);
  });
});

describe('C45: names outside the alphabets never reach casbin', () => {
  const bad = [
    'ann',
    'user:Ann',
    'user:',
    'user:a b',
    "user:a'b",
    'user:a"b',
    'user:ａｎｎ',
    'group:Support',
    'group:',
    'group:a/b',
    'role:x',
    '[]',
    'null',
    '0',
    'user:a\u0000',
    'user:a\tb',
  ];
  test.each(bad)('%j is refused as a subject', (subject) => {
    const loaded = load(filesOf(`p, ${subject}, Query.users, *, allow\n`));
    expect(loaded.rows.rules).toEqual([]);
    expect(loaded.findings.some(({ severity, line }) => severity === 'error' && line === 1)).toBe(true);
  });
  test.each([
    'Query',
    'Query.',
    '.users',
    'User*',
    '*.email',
    'User.e*',
    '**',
    'User.email.x',
    'a b.c',
    'app.',
    'users',
    '"',
    '[object Object]',
    'Node.id',
    'Node.*',
    'lower.case',
  ])('%j is refused as an object', (object) => {
    const loaded = load(filesOf(`p, user:ann, ${object}, *, allow\n`));
    expect(loaded.rows.rules).toEqual([]);
    expect(loaded.findings.some(({ severity, line }) => severity === 'error' && line === 1)).toBe(true);
  });
});

/** The lines of a text that a policy has to account for. */
const rowLines = (text: string): readonly number[] =>
  text.split('\n').flatMap((line, index) => (/^ *#/.test(line) || line.trim() === '' ? [] : [index + 1]));

/** Whether the first columns of the rule's line are the rule; another file's rules are not looked at. */
function isWrittenIn({ subject, object, action, effect, provenance }: Rule, text: string): boolean {
  if (provenance.kind !== 'file' || provenance.file !== 'rows.csv') return true;
  const columns = (text.split('\n')[provenance.line - 1] ?? '').split(',');
  const read = columns.map((column) => column.trim().replace(/^" *(.*?) *"$/, '$1')).slice(0, 5);
  return read.join() === ['p', subject, object, action, effect].join();
}

/** Characters that casbin, a reader of CSV or a reviewer may take for something else; the last two look like a and e. */
const suspects = ' ,"#\n\r\t;*.:()\'[]\\\u0000\u200b\u00a0\ufeff\u0430\uff45';

describe('edits of a good policy', () => {
  test(
    'a one-character edit is never dropped in silence: each row is accepted as written or named by a finding',
    () => {
      const edit = fc.record({
        at: fc.nat(goodRows.length - 1),
        kind: fc.constantFrom('insert', 'delete', 'replace'),
        character: fc.oneof(
          fc.nat().map((at) => suspects.charAt(at % suspects.length)),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
          fc.string({ minLength: 1, maxLength: 1 }),
        ),
      });
      fc.assert(
        fc.property(edit, ({ at, kind, character }) => {
          const rest = goodRows.slice(kind === 'insert' ? at : at + 1);
          const text = goodRows.slice(0, at) + (kind === 'delete' ? '' : character) + rest;
          const { rows, findings } = load(filesOf(text));
          const accepted = new Set(
            [...rows.rules, ...rows.memberships, ...rows.coverage].flatMap(({ provenance }) =>
              provenance.kind === 'file' && provenance.file === 'rows.csv' ? [provenance.line] : [],
            ),
          );
          const named = new Set(findings.filter(({ file }) => file === 'rows.csv').map(({ line }) => line));
          expect(rowLines(text).filter((line) => !accepted.has(line) && !named.has(line))).toEqual([]);
          expect(rows.rules.filter((rule) => !isWrittenIn(rule, text))).toEqual([]);
        }),
        { numRuns: rounds(1_000, 20_000) },
      );
    },
    rounds(30_000, 900_000),
  );

  test(
    'C40: any bytes at all are read without a throw',
    () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 200 }),
          fc.string({ unit: 'binary', maxLength: 200 }),
          (bytes, text) => {
            load(filesOf(bytes, bytes));
            load(filesOf(text, text));
          },
        ),
        { numRuns: rounds(500, 10_000) },
      );
    },
    rounds(30_000, 900_000),
  );
});

test('everyone without its two rows is refused: to plain casbin it would be nobody', () => {
  const [rows, model] = filesOf('p, everyone, Query.users, *, allow\n');
  expect(brief(load([rows!, model!]).findings)).toEqual(['1 missing-built-in']);
  expect(brief(load([rows!, model!, { name: 'z.csv', text: builtin }]).findings)).toEqual([]);
});

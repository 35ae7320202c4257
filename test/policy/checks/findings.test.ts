import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { showFinding } from '../../../src/policy/finding.ts';
import { checkAccounts } from '../../../src/policy/checks/check-accounts.ts';
import { findingCatalogue, renderFindingCatalogue } from '../../../src/policy/checks/catalogue.ts';
import { filesOf, load } from '../files/sample.ts';
import { modelExamples, modelWith, rowExamples } from './finding-examples.ts';

describe('C40: what stock casbin takes without a word is named with its line', () => {
  test.each(rowExamples)('%s is told as %s', (_title, code, rows, line = 1) => {
    const { findings, rows: accepted } = load(filesOf(rows));
    const found = findings.find(
      (finding) => finding.code === code && finding.file === 'rows.csv' && finding.line === line,
    );
    expect(findings.map((finding) => `${finding.line} ${finding.code}`)).toContain(`${line} ${code}`);
    expect(found?.severity).toBe(findingCatalogue[code].severity);
    expect(found?.message).toMatch(/^.+\.$/su);
    expect(found?.remedy).not.toBe('');
    expect(accepted).toBeDefined();
  });

  test.each(modelExamples)('a model with %s is told as %s', (_title, code, model) => {
    const { findings } = load(filesOf('', model));
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(findings.every((finding) => finding.file === 'model.conf' && finding.severity === 'error')).toBe(
      true,
    );
  });

  test('a model of another spelling that means the same is taken', () => {
    const model = modelWith({
      matchers: `m = when( p.cond,p.eft,r.ctx ) && g(r.sub,p.sub) && \\
  (keyMatch(r.obj, p.obj) || g2(r.obj, p.obj)) && (r.act == p.act || p.act == "*") # all of it`,
    });
    const loaded = load(filesOf('', model));
    expect(loaded.findings).toEqual([]);
    expect(loaded.model).toContain(
      'm = when(p.cond, p.eft, r.ctx) && g(r.sub, p.sub) && (keyMatch(r.obj, p.obj) || g2(r.obj, p.obj)) && (r.act == p.act || p.act == "*")\n',
    );
  });
});

describe('the catalogue', () => {
  test('every code has an example that brings it about', () => {
    const elsewhere = [
      'missing-folder',
      'unreadable-file',
      'unsettled-files',
      'not-compiled',
      'unknown-file',
      'duplicate-file',
      'missing-model',
      'missing-built-in',
      'unknown-account',
      'grant-condition',
      'stale-grant',
    ];
    const shown = new Set<string>([...rowExamples, ...modelExamples].map(([, code]) => code));
    expect([...shown, ...elsewhere].toSorted()).toEqual(Object.keys(findingCatalogue).toSorted());
  });

  test('docs/policy-findings.md says what the code says', () => {
    expect(readFileSync('docs/policy-findings.md', 'utf8')).toBe(renderFindingCatalogue());
  });
});

test.each([
  ['p group:a Query.users * allow', 'Separate the columns by commas.'],
  ['P, group:a, Query.users, *, allow', 'Begin the row with p, g or g2, in lower case.'],
  ['g2, app.view_user, Query.users', 'Write the field first, then the permission.'],
  ['p, user:ann, Note.title, *, allow, "has_attribute(r.ctx, \'nope\', 1)"', /setting attributes/],
  [
    'p, user:ann, Note.title, *, allow, in_group(r.ctx, "group:a")',
    /column in double quotes, .* single ones/,
  ],
  ['p, user:ann, Note.title, *, allow, r.ctx.now = 1', /operators && \|\| ! ==/],
])('the typical mistake %j is told what to do', (row, remedy) => {
  expect(load(filesOf(row)).findings.map((finding) => finding.remedy)).toContainEqual(
    expect.stringMatching(remedy),
  );
});

test('a finding about a whole file names no line', () => {
  expect(
    showFinding({
      code: 'duplicate-file',
      severity: 'error',
      file: 'a.csv',
      line: 0,
      message: 'M.',
      remedy: 'R.',
    }),
  ).toBe('a.csv: error duplicate-file: M. R.');
});

describe('chains', () => {
  const chain = (steps: number): string =>
    Array.from(
      { length: steps },
      (_, index) => `g, ${index === 0 ? 'user:ann' : `group:g${index}`}, group:g${index + 1}`,
    ).join('\n');

  test('a chain of 10 steps from a user is taken, the 11th is named', () => {
    expect(load(filesOf(chain(10))).findings).toEqual([]);
    expect(load(filesOf(chain(11))).findings.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '11 chain-too-deep',
    ]);
  });

  test('a group that leads into a cycle or out of it is not part of it', () => {
    const rows =
      'g, user:ann, group:in\ng, group:in, group:a\ng, group:a, group:b\ng, group:b, group:a\ng, group:b, group:out';
    expect(load(filesOf(rows)).findings.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 hierarchy-cycle',
      '4 hierarchy-cycle',
    ]);
  });
});

describe('rules that never decide', () => {
  const lines = (rows: string): readonly number[] =>
    load(filesOf(rows))
      .findings.filter(({ code }) => code === 'never-decides')
      .map(({ line }) => line);

  test('of two rules alike in what they cover, the later one is named', () => {
    expect(
      lines('g2, Query.users, app.list\np, user:ann, app.list, *, allow\np, user:ann, Query.users, *, allow'),
    ).toEqual([3]);
  });
  test('the rules that decide instead are named by their places', () => {
    const { findings } = load(
      filesOf('p, user:ann, Note.title, *, allow\np, authenticated, Note.*, *, allow'),
    );
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/\(\S+\.csv:2\) allow everything/),
    ]);
  });
  test('a condition on the wider rule, a narrower subject or a part that is left keeps a rule alive', () => {
    expect(
      lines('p, user:ann, Note.title, *, allow\np, authenticated, Note.*, *, allow, self(r.ctx)'),
    ).toEqual([]);
    expect(lines('p, everyone, Note.title, *, allow\np, user:ann, Note.*, *, deny')).toEqual([]);
    expect(lines('p, user:ann, Note.*, *, allow\np, everyone, Note.title, *, deny')).toEqual([]);
    expect(
      lines('p, group:a, Note.title, *, allow\np, authenticated, Note.*, *, deny\ng, anonymous, group:a'),
    ).toEqual([]);
  });
  test('a group above counts, and a deny rule is never called idle', () => {
    expect(
      lines(
        'g, user:ann, group:a\ng, group:a, group:b\np, user:ann, Note.title, *, allow\np, group:b, Note.*, *, allow',
      ),
    ).toEqual([3]);
    expect(lines('p, everyone, Note.title, *, deny\np, everyone, Note.*, *, deny')).toEqual([]);
  });
});

test('a user name of the files that no account has is a warning with its line', () => {
  const { rows } = load(filesOf('g, user:ann, group:a\np, user:bob, Query.users, *, allow'));
  expect(checkAccounts(rows, new Set(['ann'])).map(({ line, code }) => `${line} ${code}`)).toEqual([
    '2 unknown-account',
  ]);
});

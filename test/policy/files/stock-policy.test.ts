import { describe, expect, test } from '@jest/globals';
import { newModelFromString, StringAdapter } from 'casbin';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { defaultModel } from '../../../src/policy/files/default-model.ts';
import { renderStockPolicy } from '../../../src/policy/files/stock-policy.ts';
import type { LoadedPolicy } from '../../../src/policy/loaded-policy.ts';
import { rounds } from '../../rounds.ts';
import { builtin, filesOf, goodRows, load } from './sample.ts';

/** The rows that stock casbin reads from a text, with its own parser. */
async function readStock(
  text: string,
  model = defaultModel,
): Promise<Record<string, string[][] | undefined>> {
  const target = newModelFromString(model);
  await new StringAdapter(text).loadPolicy(target);
  return Object.fromEntries(
    ['p', 'g', 'g2'].map((kind) => [kind, target.model.get(kind.charAt(0))?.get(kind)?.policy]),
  );
}

const ours = ({ rows }: LoadedPolicy, coverage = rows.coverage): Record<string, string[][]> => ({
  p: rows.rules.map(({ subject, object, action, effect, condition }) => [
    subject,
    object,
    action,
    effect,
    ...(condition === null ? [] : [condition]),
  ]),
  g: rows.memberships.map(({ member, group }) => [member, group]),
  g2: coverage.map(({ member, permission }) => [member, permission]),
});

describe('stock casbin', () => {
  test('reads the files, joined in name order, as we do', async () => {
    expect(await readStock(builtin + goodRows)).toEqual(ours(load(filesOf(goodRows))));
  });

  test('reads what we render as we do, with Type.* expanded and the rows of one principal', async () => {
    const loaded = load(filesOf(goodRows));
    const provenance = { kind: 'file', file: '', line: 0 } as const;
    const { model, policy } = renderStockPolicy(loaded, [
      { member: 'user:eve', group: 'group:lead', provenance },
    ]);
    const read = await readStock(policy, model);
    const wanted = ours(loaded, loaded.coverage);
    expect(read).toEqual({ ...wanted, g: [...(wanted['g'] ?? []), ['user:eve', 'group:lead']] });
  });

  test('takes an empty policy that we render', async () => {
    const loaded = load([{ name: 'model.conf', text: defaultModel }]);
    expect(await readStock(renderStockPolicy(loaded).policy)).toEqual({ p: [], g: [], g2: [] });
  });

  test(
    'reads every row that we accept as we do, however it is quoted and spaced',
    async () => {
      const column = (text: string): fc.Arbitrary<string> =>
        fc
          .tuple(
            fc.constantFrom('', ' ', '  '),
            fc.constantFrom(text, `"${text.replaceAll('"', '""')}"`, `" ${text.replaceAll('"', '""')} "`),
            fc.constantFrom('', ' '),
          )
          .map((parts) => parts.join(''));
      const condition = fc.oneof(
        fc.constantFrom(
          'self(r.ctx)',
          "in_network(r.ctx, '10.0.0.0/8', '::1/128')",
          'r.ctx.object.owner == "a"',
          "r.ctx.object.owner in ['a', 'b']",
          'r.ctx.object.owner == ""',
          '"a" == r.ctx.object.owner || r.ctx.object.owner == "b"',
          "r.ctx.object.owner == ')('",
          "r.ctx.object.owner == '#;'",
        ),
        fc
          .array(
            fc.constantFrom('a', 'b', '"', "'", '(', ')', ',', ' ', '=', '!', '&', '|', '.', 'r', '#', ';'),
          )
          .map((parts) => parts.join('')),
      );
      const row = condition.chain((text) =>
        fc
          .tuple(
            column('p'),
            column('user:ann'),
            column('Note.title'),
            column('*'),
            column('allow'),
            column(text),
          )
          .map((columns) => columns.join(',')),
      );
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(row, fc.constantFrom('\n', '\r\n'), async (text, end) => {
          const loaded = load([
            { name: 'model.conf', text: defaultModel },
            { name: 'rows.csv', text: `# one\n${text}${end}` },
          ]);
          if (loaded.findings.some(({ severity }) => severity === 'error')) return;
          accepted += 1;
          expect(await readStock(`# one\n${text}${end}`)).toEqual(ours(loaded));
        }),
        { numRuns: rounds(1_000, 20_000) },
      );
      expect(accepted).toBeGreaterThan(50);
    },
    rounds(30_000, 900_000),
  );
});

test('the shipped model.conf is the default model', () => {
  expect(readFileSync('policies/model.conf', 'utf8')).toBe(defaultModel);
  expect(load(filesOf('', readFileSync('policies/model.conf'))).findings).toEqual([]);
});

test('the shipped builtin.csv has no finding', () => {
  const files = [
    { name: 'model.conf', text: defaultModel },
    { name: 'builtin.csv', text: readFileSync('policies/builtin.csv') },
  ];
  expect(load(files).findings).toEqual([]);
});

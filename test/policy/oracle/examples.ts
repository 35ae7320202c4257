import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PolicyCase } from './policy-case.ts';

const folder = join(dirname(createRequire(import.meta.url).resolve('casbin')), '../../examples');
const names = readdirSync(folder);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const stem = (name: string): string => name.replace(/_(model|policy).*$/u, '');

/** What no file holds: somebody unknown, paths for patterns, and the objects that models of attributes are about. */
const paths: readonly unknown[] = ['/foo/1', '/data/1', '/alice_data/1', '10.0.1.1'];
const objects: readonly unknown[] = [
  { Age: 16, Owner: 'alice', Doc: 'doc1' },
  { Age: 30, Owner: 'bob', Docs: ['doc1'] },
  { Age: 70, Owner: 'alice', Docs: ['doc1', 'doc2'] },
];

/** Every combination of values, one of each list. */
const product = (lists: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] =>
  lists.reduce<readonly (readonly unknown[])[]>(
    (requests, values) => requests.flatMap((request) => values.map((value) => [...request, value])),
    [[]],
  );

function exampleOf(model: string, policy: string | null): PolicyCase {
  const text = read(model);
  const lines = policy === null ? [] : read(policy).split('\n');
  const columns = /^r\s*=(.*)$/mu.exec(text)![1]!.split(',').length;
  const written = lines.flatMap((line) => line.split(',').slice(1)).map((column) => column.trim());
  // Of four columns the last is what one does: the names of the others are none of its own.
  const actions = [...new Set(['nobody', ...lines.map((line) => line.split(',').at(-1)!.trim())])];
  const attributes = /r\.(?:sub|obj)\.|eval\(/u.test(text) ? objects : [];
  const matched = /Match|Get/u.test(text) ? paths : [];
  const values = [...new Set([...written, 'nobody', 'root', ...matched, ...attributes])];
  return {
    kind: `${model} with ${policy ?? 'no policy'}`,
    model: text,
    rows: lines.map((line) => ({ text: line, columns: [] })),
    lineEnd: '\n',
    files: 1,
    functions: { keyMatchCustom: (key, pattern) => key === pattern || pattern === '*' },
    requests: product([...Array.from({ length: columns - 1 }, () => values), columns > 3 ? actions : values]),
  };
}

/** Models that are asked with the policies of others. */
const borrowed: Readonly<Record<string, readonly string[]>> = {
  'basic_with_root_model.conf': ['basic_policy.csv', 'basic_inverse_policy.csv'],
  'keymatch_custom_model.conf': ['keymatch_policy.csv', 'keymatch2_policy.csv'],
  'rbac_with_not_deny_model.conf': ['rbac_with_deny_policy.csv', 'priority_policy.csv'],
  'rbac_with_multiple_policy_model.conf': ['mulitple_policy.csv'],
};

/** Each of Casbin's models with each policy whose name begins like its own, and with none. */
export const examples: readonly PolicyCase[] = names
  .filter((name) => name.endsWith('.conf'))
  .flatMap((model) => {
    const policies = names.filter((name) => name.endsWith('.csv') && stem(name).startsWith(stem(model)));
    return [null, ...policies, ...(borrowed[model] ?? [])].map((policy) => exampleOf(model, policy));
  });

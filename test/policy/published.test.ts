import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { createEnforcer, PatternRefused, PatternTimedOut, type Enforcer } from 'portcullis/policy';
import { inheritedEnvironment } from '../inherited-environment.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/policy-library.md'), 'utf8');
const blockOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

/** Runs a module as a project would that has installed the package: by its published name, without what jest maps. */
const runModule = (code: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: root,
    env: { ...inheritedEnvironment(), NODE_OPTIONS: '' },
  });

test('portcullis/policy has all that the page names, and no more', async () => {
  const { stdout } = await runModule(
    "console.log(Object.keys(await import('portcullis/policy')).toSorted().join())",
  );
  expect(stdout).toBe('PatternRefused,PatternTimedOut,createEnforcer\n');
  for (const name of ['createEnforcer', 'PatternRefused', 'PatternTimedOut']) expect(page).toContain(name);
});

test("the page's example runs, and prints what it says", async () => {
  expect(blockOf('js')).toContain("from 'portcullis/policy'");
  const { stdout } = await runModule(blockOf('js'));
  const promised = [...blockOf('js').matchAll(/^console\.log\(.*\/\/ (.*)$/gm)].map(([, answer]) => answer);
  expect(promised.length).toBeGreaterThan(3);
  expect(stdout.trimEnd().split('\n')).toEqual(promised);
});

test('an enforcer is made of texts, and its types are the published ones', async () => {
  const model = `[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && keyMatch4(r.obj, p.obj)`;
  const enforcer: Enforcer = await createEnforcer({ text: model }, { text: 'p, alice, /{id}' });
  expect(enforcer.enforceSync('alice', '/1')).toBe(true);
  await expect(createEnforcer({ text: model }, { text: 'p, alice, /{a/{id}' })).rejects.toBeInstanceOf(
    PatternRefused,
  );
  expect(PatternTimedOut.prototype).toBeInstanceOf(Error);
});

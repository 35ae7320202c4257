import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadSecrets } from '../../src/config/secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-secrets-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const load = (dataDir: string) => loadSecrets({ secrets: null, mode: 'development', dataDir });

test('development makes one secret and keeps it, for its owner alone', () => {
  const dataDir = join(folder, 'data');
  const [made] = load(dataDir);
  expect(load(dataDir)[0]?.reveal()).toBe(made?.reveal());
  expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toHaveLength(43);
  expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
});

test('production makes none', () => {
  expect(() => loadSecrets({ secrets: null, mode: 'production', dataDir: folder })).toThrow('SECRETS');
});

test('a data directory that is a file is refused with what to do (it was a stack)', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => load(join(folder, 'file'))).toThrow("can't be written: give another one with DATA_DIR");
});

test.each(['', 'short'])(
  'a kept secret that was cut to "%s" is refused: anybody could make its keys',
  (text) => {
    writeFileSync(join(folder, 'secret'), text);
    expect(() => load(folder)).toThrow('Delete the file');
  },
);

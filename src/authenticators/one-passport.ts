import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from '../core/errors.ts';
import type { AuthenticatorEntry } from './registry.ts';

/**
 * Refuses to start with two copies of passport where ours, the configuration's and those of the authenticators it names
 * could meet: what is registered with one copy is unknown to the other, and a fault that is mended in one is there still
 * in the other (OWASP ASVS 5.0, 15.1.2).
 *
 * @param base the folder that names of packages and files are seen from
 * @throws OperatorError
 */
export function checkOnePassport(base: string, entries: readonly Pick<AuthenticatorEntry, 'use'>[]): void {
  const places = [
    fileURLToPath(new URL('.', import.meta.url)),
    base,
    ...entries.flatMap(({ use }) => (typeof use === 'string' ? [folderOf(use, base)] : [])),
  ];
  const copies = new Set(places.flatMap((place) => findPackage('passport', place) ?? []));
  if (copies.size < 2) return;
  const named = [...copies].map((copy) => `${versionOf(copy)} in ${copy}`).join(' and ');
  throw new OperatorError(
    `There are two copies of passport: ${named}. Run npm ls passport, and take out what brings the second, or npm dedupe.`,
  );
}

/** Where a package or file that an authenticator names lies; the base itself where it is built in, or not there. */
function folderOf(use: string, base: string): string {
  const file = resolve(base, use);
  if (existsSync(file)) return realpathSync(dirname(file));
  return findPackage(use, base) ?? base;
}

/** A package as Node finds it from a folder: in the nearest `node_modules` upwards. */
function findPackage(name: string, folder: string): string | null {
  const found = join(folder, 'node_modules', name);
  if (existsSync(join(found, 'package.json'))) return realpathSync(found);
  const above = dirname(folder);
  return above === folder ? null : findPackage(name, above);
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
  return String(version);
}

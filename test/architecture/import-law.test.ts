import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

/** The rooms, each with the rooms it may import. An arrow that is not here is not allowed. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  policy: ['core'],
  store: ['core', 'policy'],
  audit: ['core', 'logging', 'policy', 'store'],
  accounts: ['core', 'policy', 'store', 'audit'],
  throttles: ['core', 'store'],
  sessions: ['core', 'store'],
  authenticators: ['core', 'store', 'accounts', 'audit', 'throttles', 'sessions'],
  graphql: ['core', 'policy', 'store', 'accounts', 'audit', 'sessions', 'authenticators', 'health'],
  http: ['core', 'policy', 'store', 'accounts', 'audit', 'sessions', 'authenticators', 'graphql', 'health'],
  testing: ['core', 'accounts', 'authenticators'],
  config: [
    'core',
    'policy',
    'store',
    'accounts',
    'audit',
    'throttles',
    'sessions',
    'authenticators',
    'graphql',
    'http',
    'telemetry',
  ],
  health: ['core', 'policy', 'store', 'accounts', 'audit', 'sessions'],
  telemetry: ['core', 'policy', 'store', 'accounts', 'audit', 'authenticators', 'graphql', 'http'],
  doctor: ['core', 'config', 'policy', 'store', 'accounts', 'sessions', 'authenticators', 'foundation.ts'],
  'foundation.ts': ['*'],
  'open-sessions.ts': ['core', 'config', 'sessions', 'store'],
  'housekeeping.ts': ['core', 'store'],
  logging: ['core'],
  'server-log.ts': ['core', 'config', 'logging'],
  'server.ts': ['*'],
  workers: ['core', 'config', 'store', 'authenticators', 'telemetry', 'server-log.ts', 'server.ts'],
  cli: ['*'],
  'index.ts': ['*'],
};

/** A package that only these rooms may import. */
const fences: Readonly<Record<string, readonly string[]>> = {
  casbin: ['policy'],
  typeorm: ['store'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  passport: ['authenticators', 'testing'],
  'passport-local': ['authenticators'],
  'passport-openidconnect': ['authenticators'],
  'openid-client': ['authenticators'],
  jose: ['authenticators', 'sessions'],
  'passport-strategy': ['authenticators', 'testing'],
  koa: ['http', 'sessions'],
  'koa-session': ['sessions'],
  '@koa/router': ['http'],
  graphql: ['graphql'],
  'graphql-yoga': ['graphql'],
  '@graphql-tools/schema': ['graphql'],
  argon2: ['accounts'],
  pino: ['server-log.ts'],
  'prom-client': ['telemetry'],
  '@opentelemetry/api': ['telemetry'],
  redis: ['sessions'],
};

const src = resolve(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(src, name));

const roomOf = (file: string): string => relative(src, file).split(sep)[0] ?? '';
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function importsOf(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles.map((each) => each.fileName);
}

describe('the import law', () => {
  test('every room of src stands in the table', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in mayImport))).toEqual([]);
  });

  test('an arrow between rooms runs only where the table draws one', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => roomOf(resolve(dirname(file), specifier)))
        .filter((to) => to !== roomOf(file))
        .filter((to) => {
          const allowed = mayImport[roomOf(file)] ?? [];
          return !allowed.includes('*') && !allowed.includes(to);
        })
        .map((to) => `${relative(src, file)} -> ${to}`),
    );
    expect(broken).toEqual([]);
  });

  test('a fenced package is imported only in its room', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .map(packageOf)
        .filter((name) => fences[name]?.includes(roomOf(file)) === false)
        .map((name) => `${relative(src, file)} imports ${name}`),
    );
    expect(broken).toEqual([]);
  });

  test('no folder has a name that says nothing', () => {
    const folders = files.flatMap((file) => relative(src, dirname(file)).split(sep));
    expect(folders.filter((name) => /^(utils?|helpers?|common|lib|shared|misc)$/.test(name))).toEqual([]);
  });
});

import { expect, test } from '@jest/globals';
import { middlewareTable, type TableNeeds } from '../../src/http/middleware-table.ts';

test('the order of the middleware is this one, and every step says why it stands there', () => {
  const needs = { publicUrl: new URL('http://localhost'), corsOrigins: new Set() } as unknown as TableNeeds;
  const table = middlewareTable(needs);
  expect(table.map(({ name }) => name)).toEqual([
    'request target',
    'client address',
    'request id',
    'observation',
    'access log',
    'security headers',
    'error shield',
    'methods',
    'open routes',
    'cors',
    'cross-site',
    'body',
    'session',
    'principal',
    'form token',
    'routes',
    'allowed methods',
  ]);
  for (const { reason } of table) expect(reason).toMatch(/^[A-Z].*\.$/);
});

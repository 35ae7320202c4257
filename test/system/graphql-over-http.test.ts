import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { prepareSite, type RunningServer, type Site, startPortcullis } from './start-portcullis.ts';

let site: Site;
let server: RunningServer;

beforeAll(async () => {
  site = await prepareSite('embedded');
  server = await startPortcullis(site);
});

afterAll(async () => {
  await server.close();
  await site.remove();
});

test("the whole server answers all of the specification's audit: 0 errors, 0 warnings", async () => {
  const audits = await auditServer({ url: `http://127.0.0.1:${server.port}/graphql`, fetchFn: fetch });
  const fallen = audits
    .filter(({ status }) => status !== 'ok')
    .map(({ name, status }) => `${status}: ${name}`);
  expect(audits.length).toBeGreaterThan(50);
  expect(fallen).toEqual([]);
});

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from './start-portcullis.ts';

/** Either one denies ann the users, by a row of its own; their allows without their denies would let her in. */
const policyA = {
  'x.csv': 'p, user:ann, Query.users, *, deny\np, user:ann, accounts.view_user, *, allow\n',
  'y.csv': '',
};
const policyB = {
  'x.csv': '',
  'y.csv': 'p, user:ann, accounts.view_user, *, allow\np, user:ann, Query.users, *, deny\n',
};

let site: Site;
let server: RunningServer;

beforeAll(async () => {
  site = await prepareSite('embedded');
  write(policyA);
  server = await startPortcullis(site);
  await server.accounts.create({ username: 'ann', password }, operator);
});

afterAll(async () => {
  await server.close();
  await site.remove();
});

function write(policy: Readonly<Record<string, string>>, by: 'replacing' | 'in place' = 'in place'): void {
  for (const [name, text] of Object.entries(policy)) {
    const path = join(site.policies, name);
    const body = `# ${Math.random()}\n${text}`;
    if (by === 'in place') writeFileSync(path, body);
    else {
      writeFileSync(`${path}.tmp`, body);
      renameSync(`${path}.tmp`, path);
    }
  }
}

async function untilPolicyIsNot(version: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (server.policy.current().version === version && performance.now() < deadline) await sleep(10);
}

test('C42: of 1,000 edits under load, no request is decided by a half-loaded or mixed policy', async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, () => server.loggedIn('ann')));
  const versions = new Set<string>();
  server.policy.onChange(({ version }) => versions.add(version));
  let editing = true;
  let asked = 0;
  const wrong: unknown[] = [];
  const load = clients.map(async (client) => {
    while (editing) {
      const answer = await answerOf(client, '{ viewer { subject } users { edges { node { username } } } }');
      asked += 1;
      const right =
        answer.codes.length === 1 &&
        answer.codes[0] === 'FORBIDDEN' &&
        JSON.stringify(answer.data) === '{"viewer":{"subject":"user:ann"},"users":null}';
      if (!right) wrong.push(answer);
    }
  });
  for (let edit = 0; edit < 1_000; edit++) {
    write(edit % 2 === 0 ? policyB : policyA, edit % 3 === 0 ? 'replacing' : 'in place');
    // Bursts as a deployment makes them; after each, the server comes to rest on what was written last.
    const { version } = server.policy.current();
    await sleep(2);
    if (edit % 20 === 19) await untilPolicyIsNot(version);
  }
  editing = false;
  await Promise.all(load);
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(200);
  expect(versions.size).toBeGreaterThan(20);
}, 120_000);

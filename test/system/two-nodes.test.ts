import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { rounds } from '../rounds.ts';
import { housings } from './housings.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from './start-portcullis.ts';

const WHO = '{ viewer { subject groups { name } } }';
const USERS = '{ users { edges { node { username } } } }';

/** Two servers on one database need a database that two processes may open. */
const shared = housings.filter((housing) => housing !== 'embedded');

// Where no service is set there is nothing to share: what holds then is that nothing is.
if (shared.length === 0) {
  test('two servers need DATABASE_URL: the embedded store refuses the second one', async () => {
    const site = await prepareSite('embedded');
    const first = await startPortcullis(site);
    await expect(startPortcullis(site)).rejects.toThrow(/already uses the data directory/);
    expect((await answerOf(first.client(), WHO)).data).toEqual({
      viewer: { subject: 'anonymous', groups: [] },
    });
    await first.close();
    await site.remove();
  });
}

if (shared.length > 0)
  describe.each(shared)('two servers on %s', (housing) => {
    let site: Site;
    let one: RunningServer;
    let two: RunningServer;

    beforeAll(async () => {
      site = await prepareSite(housing);
      one = await startPortcullis(site);
      two = await startPortcullis(site);
      for (const username of ['ann', 'ben', 'root'])
        await one.accounts.create({ username, password }, operator);
    });

    afterAll(async () => {
      await one.close();
      await two.close();
      await site.remove();
    });

    /** The same browser, talking to the other server. */
    const moveTo = (server: RunningServer, from: { jar: Map<string, string> }) => {
      const client = server.client();
      for (const [name, value] of from.jar) client.jar.set(name, value);
      return client;
    };

    test('a login on one is known on the other, and so is the logout', async () => {
      const here = await one.loggedIn('ann');
      const there = moveTo(two, here);
      expect((await answerOf(there, WHO)).data).toMatchObject({ viewer: { subject: 'user:ann' } });
      await answerOf(here, 'mutation { logout { viewer { subject } } }');
      expect((await answerOf(there, WHO)).data).toMatchObject({ viewer: { subject: 'anonymous' } });
    });

    test('C46: a membership acts at the next request on the other, given or taken', async () => {
      const there = moveTo(two, await one.loggedIn('ann'));
      for (let round = 0; round < rounds(20, 1_000); round++) {
        await one.accounts.addToGroup('support', 'user:ann', operator);
        expect((await answerOf(there, USERS)).codes).toEqual([]);
        await one.accounts.removeFromGroup('support', 'user:ann', operator);
        expect((await answerOf(there, USERS)).codes).toEqual(['FORBIDDEN']);
      }
    });

    test('C46: a group inside a group acts at the next request on the other, given or taken', async () => {
      await one.accounts.addToGroup('helpers', 'user:ben', operator);
      const there = moveTo(two, await one.loggedIn('ben'));
      for (let round = 0; round < rounds(20, 1_000); round++) {
        await one.accounts.addToGroup('support', 'group:helpers', operator);
        expect((await answerOf(there, USERS)).codes).toEqual([]);
        await one.accounts.removeFromGroup('support', 'group:helpers', operator);
        expect((await answerOf(there, USERS)).codes).toEqual(['FORBIDDEN']);
      }
    });

    test('C26: a suspension, a new password and a deletion end sessions on the other at once', async () => {
      const { accounts } = one;
      const { id } = await accounts.byUsername('root');
      const enders = [
        () => accounts.changeStatus(id, 'suspended', operator),
        () => accounts.setPassword(id, password, operator),
        () => accounts.endSessions(id, operator),
        () => accounts.delete(id, operator),
      ];
      for (const end of enders) {
        await accounts.changeStatus(id, 'active', operator);
        const there = moveTo(two, await one.loggedIn('root'));
        expect((await answerOf(there, WHO)).data).toMatchObject({ viewer: { subject: 'user:root' } });
        await end();
        expect((await answerOf(there, WHO)).data).toMatchObject({ viewer: { subject: 'anonymous' } });
      }
    });

    test('an edit of the policy files is seen by both', async () => {
      const before = one.policy.current().version;
      await appendFile(join(site.policies, 'groups.csv'), 'g, user:ann, group:auditors\n');
      const deadline = performance.now() + 10_000;
      const versions = () => [one, two].map((server) => server.policy.current().version);
      while (versions().includes(before) && performance.now() < deadline) {
        await new Promise((next) => setTimeout(next, 50));
      }
      expect(new Set(versions()).size).toBe(1);
      expect(versions()).not.toContain(before);
    });
  });

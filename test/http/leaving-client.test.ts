import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';
import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { defineModule } from '../../src/graphql/module.ts';
import { createGraphqlServer } from '../../src/graphql/server.ts';
import { graphqlSettings } from '../../src/graphql/settings.ts';
import { logbook } from './logbook.ts';
import { startServer, type TestServer } from './start-server.ts';

const timeout = 400;

/** What operations of the schema have done, and how many have not been answered yet. */
const work = { begun: 0, done: [] as string[], answering: 0 };

const slowModule = defineModule<object>({
  name: 'slow',
  typeDefs: `
    type Query { whoami: String  never: String  late: String  afterwards: [Step] }
    type Step { take: Int }
    type Mutation { change: String }
  `,
  resolvers: {
    Query: {
      whoami: (_source, _args, { principal }) => principal.subject,
      never: () => {
        work.begun += 1;
        return new Promise(() => undefined);
      },
      late: async () => {
        work.begun += 1;
        await sleep(2 * timeout);
        work.done.push('late');
        throw new Error('Nobody waits for this.');
      },
      afterwards: async () => {
        work.begun += 1;
        await sleep(1.5 * timeout);
        return [{}, {}];
      },
    },
    Step: { take: () => work.done.push('a step') },
    Mutation: {
      change: async () => {
        work.begun += 1;
        await sleep(timeout / 2);
        work.done.push('change');
        return 'changed';
      },
    },
  },
});

const log = logbook();
const troubles: unknown[] = [];
const note = (trouble: unknown): void => void troubles.push(trouble);
let house: TestServer;
let server: TestServer;

beforeAll(async () => {
  house = await startServer();
  const graphql = createGraphqlServer({
    schema: buildGuardedSchema([slowModule]),
    services: {},
    settings: { ...graphqlSettings.parse({}), timeout },
    production: true,
    clock: systemClock,
    log,
  });
  const snapshot = await house.policyOf(['p, everyone, *, *, allow']);
  server = await house.another({
    change: (needs) => ({
      ...needs,
      log,
      policy: { ...needs.policy, current: () => snapshot, atEpoch: () => Promise.resolve(snapshot) },
      graphql: {
        ...graphql,
        async respond(request) {
          work.answering += 1;
          try {
            return await graphql.respond(request);
          } finally {
            work.answering -= 1;
          }
        },
      },
    }),
  });
  process.on('unhandledRejection', note);
  process.on('warning', note);
});

beforeEach(() => {
  log.records.length = 0;
  Object.assign(work, { begun: 0, done: [], answering: 0 });
});

afterAll(async () => {
  process.off('unhandledRejection', note);
  process.off('warning', note);
  await server.close();
  await house.close();
});

async function post(query: string, cut = 0): Promise<Socket> {
  const body = JSON.stringify({ query });
  const socket = connect(server.address.port, server.address.address);
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  await new Promise<void>((resolve) => {
    socket.write(head + body.slice(0, body.length - cut), () => resolve());
  });
  return socket;
}

async function until(holds: () => boolean, within: number): Promise<void> {
  const end = performance.now() + within;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come to that within ${within} ms.`);
    await sleep(5);
  }
}

/** What an operator would look into. That an operation's time was up is told so, whether or not somebody waits for it. */
const complaints = () =>
  log.records
    .filter(({ level }) => level === 'warn' || level === 'error')
    .filter(({ fields }) => !inspect(fields).includes('This took too long and was stopped.'));

test.each(['{ never }', '{ late }', '{ afterwards { take } }'])(
  'an operation whose clients have left is over when its time is: %s',
  async (query) => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => post(query)));
    await until(() => work.begun === 20, 5_000);
    for (const socket of sockets) socket.destroy();
    const left = performance.now();
    await until(() => work.answering === 0, timeout + 3_000);
    expect(performance.now() - left).toBeLessThan(timeout + 3_000);
    await sleep(2 * timeout);
    expect(work.done.filter((each) => each === 'a step')).toEqual([]);
    expect(complaints()).toEqual([]);
    expect(troubles).toEqual([]);
  },
);

test('a change is made whole, whether or not its client waits', async () => {
  const socket = await post('mutation { change }');
  await until(() => work.begun === 1, 5_000);
  socket.destroy();
  await until(() => work.done.includes('change'), 5_000);
  expect(complaints()).toEqual([]);
  expect(troubles).toEqual([]);
});

test('a client that leaves within its request begins nothing', async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, () => post('mutation { change }', 3)));
  await sleep(50);
  for (const socket of sockets) socket.destroy();
  await sleep(timeout);
  expect([work.begun, work.answering]).toEqual([0, 0]);
  expect(complaints()).toEqual([]);
  expect(troubles).toEqual([]);
});

test('whoever stays is answered meanwhile, and the log says who left', async () => {
  const socket = await post('{ never }');
  await until(() => work.begun === 1, 5_000);
  socket.destroy();
  const { status, text } = await server.client().json('/graphql', { query: '{ whoami }' });
  expect([status, text]).toEqual([200, '{"data":{"whoami":"anonymous"}}']);
  const cut = () => log.records.filter(({ fields }) => 'cutOff' in fields);
  await until(() => cut().length > 0, 5_000);
  expect(cut()[0]).toMatchObject({ level: 'info', fields: { event: 'http.request', cutOff: true } });
});

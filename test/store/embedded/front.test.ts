import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { rounds } from '../../rounds.ts';
import { connectBeside, embeddedAddress, openTestStore, type TestStore } from '../open-test-store.ts';
import { userNamed } from '../rows.ts';

let opened: TestStore;
let address: { host: string; port: number };
beforeAll(async () => {
  opened = await openTestStore('embedded', {
    deadlines: { connect: 20_000, query: 20_000, transaction: 800 },
  });
  address = await embeddedAddress(opened.options.dataDir);
});
afterAll(() => opened.close());
beforeEach(() => opened.empty());

/** As many bytes as the other side sends before it closes, or falls silent. */
async function talk(...parts: Buffer[]): Promise<{ text: string; closed: boolean; socket: Socket }> {
  const socket = connect(join(address.host, `.s.PGSQL.${address.port}`));
  await once(socket, 'connect');
  let text = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('close', () => (closed = true));
  socket.on('error', () => undefined);
  for (const part of parts) socket.write(part);
  await new Promise((resolve) => setTimeout(resolve, 150));
  return { text, closed, socket };
}

const numbers = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeInt32BE(value, index * 4));
  return buffer;
};
const startup = (...parameters: string[]): Buffer => {
  const body = Buffer.from(`${['user', 'postgres', ...parameters].join('\0')}\0\0`);
  return Buffer.concat([numbers(body.length + 8, 196_608), body]);
};
const untouched = async (): Promise<void> => {
  expect(await opened.store.users.insert(userNamed('witness'))).toBe(true);
  expect(await opened.store.users.count()).toBe(1);
};

test('asked for TLS it says no, and goes on in plain text', async () => {
  const { text, socket } = await talk(numbers(8, 80_877_103), numbers(8, 80_877_104), startup());
  expect(text.startsWith('NNR')).toBe(true);
  expect(text.endsWith('Z\0\0\0\x05I')).toBe(true);
  socket.destroy();
});

test('a CancelRequest, another protocol and garbage are closed without an answer', async () => {
  for (const bytes of [
    numbers(16, 80_877_102, 1, 2),
    numbers(8, 131_072),
    numbers(2 ** 30, 196_608),
    numbers(4, 0),
    Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  ]) {
    expect(await talk(bytes)).toMatchObject({ text: '', closed: true });
  }
  await untouched();
});

// statement_timeout does not fire in PGlite, and idle_in_transaction_session_timeout makes the process spin.
test('server-side timeouts and other run-time parameters are refused, and our own store sends none', async () => {
  for (const name of [
    'statement_timeout',
    'idle_in_transaction_session_timeout',
    'lock_timeout',
    'search_path',
  ]) {
    const { text, closed } = await talk(startup(name, '1000'));
    expect(text).toContain(`run-time parameter "${name}"`);
    expect(closed).toBe(true);
  }
  expect((await talk(startup('options', '-c statement_timeout=1'))).closed).toBe(true);
  const client = new pg.Client({
    ...address,
    user: 'postgres',
    database: 'postgres',
    statement_timeout: 1_000,
  });
  await expect(client.connect()).rejects.toThrow('does not take the run-time parameter');
  await untouched();
});

test('a client that sends what can not be shared is told why and closed, and nobody else notices', async () => {
  for (const [sql, name] of [
    ['SET search_path = nowhere', 'SET'],
    ['COPY users FROM STDIN', 'COPY'],
    ['LISTEN news', 'LISTEN'],
  ]) {
    const client = await connectBeside(opened.options);
    await client.query('BEGIN');
    await client.query('DELETE FROM policy_epoch');
    await expect(client.query(sql!)).rejects.toThrow(`does not take ${name!}`);
    await expect(client.query('SELECT 1')).rejects.toThrow();
  }
  const client = await connectBeside(opened.options);
  await expect(client.query({ name: 'mine', text: 'SELECT 1' })).rejects.toThrow('named statements');
  expect(await opened.store.groups.epoch()).toBe(0);
  await untouched();
});

test('bytes that only look like messages harm nobody', async () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let turn = 0; turn < rounds(40, 1_000); turn += 1) {
    const body = Buffer.from(Array.from({ length: random(60) }, () => random(256)));
    const types = 'QPBDECSX';
    const messages = Array.from({ length: 1 + random(4) }, () =>
      Buffer.concat([Buffer.from(types.charAt(random(types.length))), numbers(body.length + 4), body]),
    );
    const socket = connect(join(address.host, `.s.PGSQL.${address.port}`));
    socket.on('error', () => undefined);
    socket.write(Buffer.concat([startup(), ...messages, Buffer.from('S\0\0\0\x04')]));
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
  }
  await untouched();
});

test('F04: a client that vanishes in the middle of a transaction takes its changes along', async () => {
  for (const leave of ['destroy', 'terminate'] as const) {
    const client = await connectBeside(opened.options);
    await client.query('BEGIN');
    await client.query('UPDATE policy_epoch SET value = 99');
    const wire = client as unknown as { connection: { stream: Socket } };
    if (leave === 'destroy') wire.connection.stream.destroy();
    else void client.end();
    expect(await opened.store.groups.epoch()).toBe(0);
  }
});

test('a transaction that keeps the database is rolled back at the end of its lease, and its client told so', async () => {
  const client = await connectBeside(opened.options);
  const told = new Promise<Error>((resolve) => client.once('error', resolve));
  await client.query('BEGIN');
  await client.query('UPDATE policy_epoch SET value = 99');
  const before = performance.now();
  expect(await opened.store.groups.epoch()).toBe(0);
  expect(performance.now() - before).toBeGreaterThan(300);
  expect(await told).toMatchObject({
    code: '25P03',
    message: expect.stringContaining('rolled back') as unknown,
  });
  await expect(client.query('SELECT 1')).rejects.toThrow();
});

test('a client that asks much and reads nothing does not stop the others', async () => {
  const socket = connect(join(address.host, `.s.PGSQL.${address.port}`));
  socket.on('error', () => undefined);
  socket.pause();
  const sql = Buffer.from("SELECT repeat('x', 1000000)\0");
  const ask = Buffer.concat([Buffer.from('Q'), numbers(sql.length + 4), sql]);
  socket.write(Buffer.concat([startup(), ...Array.from({ length: 200 }, () => ask)]));
  await untouched();
  socket.destroy();
  expect(await opened.store.users.count()).toBe(1);
});

test('answers of any size come whole', async () => {
  const client = await connectBeside(opened.options);
  const { rows } = await client.query<{ text: string }>("SELECT repeat('x', 12000000) AS text");
  expect(rows[0]?.text).toHaveLength(12_000_000);
  const long = 'y'.repeat(5_000_000);
  const echoed = await client.query<{ text: string }>('SELECT $1::text AS text', [long]);
  expect(echoed.rows[0]?.text === long).toBe(true);
  await expect(client.query('SELECT $1::text', ['z'.repeat(17 * 1024 * 1024)])).rejects.toThrow();
  await untouched();
});

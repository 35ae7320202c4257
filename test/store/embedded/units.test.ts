import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createUnitReader, maxMessageBytes, type Unit } from '../../../src/store/embedded/units.ts';

const message = (type: string, body: string | Buffer = ''): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(Buffer.byteLength(body) + 4, 1);
  return Buffer.concat([head, Buffer.from(body)]);
};
const parse = (sql: string, name = '') => message('P', `${name}\0${sql}\0\0\0`);
const bind = (statement = '') => message('B', `\0${statement}\0\0\0\0\0\0\0`);
const query = (sql: string) => message('Q', `${sql}\0`);
const [describe_, execute, sync, terminate] = [
  message('D', 'P\0'),
  message('E', '\0\0\0\0\0'),
  message('S'),
  message('X'),
];
const extended = Buffer.concat([parse('SELECT 1'), bind(), describe_, execute, sync]);

const kinds = (units: readonly Unit[]) => units.map(({ kind }) => kind);
const reasonOf = (...bytes: Buffer[]): string | undefined => {
  const unit = createUnitReader().push(Buffer.concat(bytes)).at(-1);
  return unit?.kind === 'refused' ? unit.reason : undefined;
};

test('a unit is everything up to Sync, or one simple query, however the bytes arrive', () => {
  const wanted = [extended, query('SELECT 2'), extended];
  const all = Buffer.concat(wanted);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: all.length }), { maxLength: 12 }), (cuts) => {
      const reader = createUnitReader();
      const ends = [...cuts, all.length].sort((a, b) => a - b);
      const units = ends.flatMap((end, index) => reader.push(all.subarray(ends[index - 1] ?? 0, end)));
      expect(units).toEqual(wanted.map((bytes) => ({ kind: 'run', bytes })));
    }),
  );
});

test('nothing comes out before its unit is whole', () => {
  const reader = createUnitReader();
  expect(reader.push(extended.subarray(0, -1))).toEqual([]);
  expect(kinds(reader.push(extended.subarray(-1)))).toEqual(['run']);
});

// Close without a body is an error, after which the backend answered neither the query nor anything else: the whole
// embedded database was taken for crashed.
test('a simple query in the middle of an extended one is refused', () => {
  expect(reasonOf(message('C'), query('SELECT 1'))).toMatch(/Sync must end/);
  expect(reasonOf(parse('SELECT 1'), query('SELECT 1'))).toMatch(/Sync must end/);
  expect(reasonOf(extended, query('SELECT 1'))).toBeUndefined();
});

test('a simple query without a text is malformed', () => {
  expect(reasonOf(message('Q'))).toMatch(/not of the form/);
});

test('after Terminate nothing is taken', () => {
  const reader = createUnitReader();
  expect(kinds(reader.push(Buffer.concat([extended, terminate, extended])))).toEqual(['run', 'terminate']);
  expect(reader.push(extended)).toEqual([]);
});

describe('refused, because all connections share one session:', () => {
  test.each([
    ['SET', "SET statement_timeout = '1s'"],
    ['SET', 'set session characteristics as transaction read only'],
    ['RESET', 'RESET ALL'],
    ['RESET', 'DISCARD ALL'],
    ['LISTEN', 'LISTEN news'],
    ['PREPARE', 'PREPARE x AS SELECT 1'],
    ['temporary', 'CREATE TEMP TABLE x (a int)'],
    ['temporary', 'CREATE LOCAL TEMPORARY TABLE x (a int)'],
    ['cursor', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1'],
    ['COPY', 'COPY users FROM STDIN'],
    ['COPY', 'SELECT 1; COPY users TO STDOUT'],
    ['COPY', '-- now\n/**/COPY users FROM/* */STDIN'],
    ['advisory', 'SELECT pg_advisory_lock(1)'],
    ['advisory', 'SELECT pg_try_advisory_lock(1)'],
  ])('%s: %s', (name, sql) => {
    expect(reasonOf(query(sql))).toContain(name);
    expect(reasonOf(parse(sql), sync)).toContain(name);
  });

  test('named statements, by whichever message', () => {
    expect(reasonOf(parse('SELECT 1', 'mine'))).toContain('named statements');
    expect(reasonOf(parse('SELECT 1'), bind('mine'))).toContain('named statements');
    expect(reasonOf(bind())).toContain('in the unit that parsed it');
    expect(reasonOf(extended, bind())).toContain('in the unit that parsed it');
  });
});

test('what lives no longer than its transaction is taken', () => {
  for (const sql of [
    'SET LOCAL search_path = public',
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'SELECT pg_advisory_xact_lock(1)',
    "UPDATE users SET name = 'SET x'",
    'SELECT 1 AS settled',
  ]) {
    expect(reasonOf(query(sql))).toBeUndefined();
  }
});

test('messages of another form, type or size are refused', () => {
  for (const bytes of [
    message('F', 'x'),
    message('d', 'x'),
    message('f'),
    message('H'),
    message('p', 'x'),
    message('\0'),
  ]) {
    expect(reasonOf(bytes)).toContain('messages of type');
  }
  for (const bytes of [
    message('Q', 'no end'),
    message('Q', 'a\0b\0'),
    message('P', 'x'),
    message('B', '\0'),
  ]) {
    expect(reasonOf(bytes)).toContain('not of the form');
  }
  const sized = (length: number): Buffer => {
    const head = message('Q');
    head.writeInt32BE(length, 1);
    return head;
  };
  for (const length of [-1, 0, 3, maxMessageBytes + 1, 2 ** 31 - 1]) {
    expect(reasonOf(sized(length))).toContain(`${length} bytes`);
  }
});

test('a unit that never ends is refused before it fills the memory', () => {
  const reader = createUnitReader();
  const big = parse('x'.repeat(maxMessageBytes - 100));
  expect(reader.push(big)).toEqual([]);
  expect(reader.push(big)).toEqual([]);
  expect(kinds(reader.push(big))).toEqual(['refused']);
});

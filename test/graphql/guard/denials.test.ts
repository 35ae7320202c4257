import { describe, expect, test } from '@jest/globals';
import type { Coordinate } from '../../../src/core/coordinate.ts';
import type { DeniedField } from '../../../src/graphql/guard/denied-field.ts';
import type { Decisions } from '../../../src/policy/decision.ts';
import type { Rule } from '../../../src/policy/rule.ts';
import { ask, decisionsBy, denying, recordingLog, userCalled } from '../asking.ts';
import { Library, library } from '../library.ts';
import { rounds } from '../../rounds.ts';

const schema = library();

/** Titles are denied: of Ann's books until she proves herself again, of Bob's for good. */
const decisions: Decisions = {
  ...decisionsBy({ principal: userCalled('ann'), decide: (coordinate) => coordinate !== 'Book.title' }),
  remedyFor: (_, { object }) =>
    object?.['owner'] === 'ann' ? { kind: 'step-up', calls: ["fresh(r.ctx, '5m')"] } : { kind: 'none' },
};

test.each([
  ['one that a login would open first', ['ann', 'bob', 'ann']],
  ['one that nothing opens first', ['bob', 'ann', 'ann']],
])('each row of a list is told its own remedy, whatever the row before was told: %s', async (_, owners) => {
  const services = new Library(0);
  services.books.push(
    ...owners.map((owner, id) => ({ kind: 'Book' as const, id: String(id), title: 'title', owner })),
  );
  const { errors = [] } = await ask(schema, '{ books { title } }', { decisions, services });
  const told = new Map(errors.map(({ extensions }) => [extensions['code'], extensions]));
  expect(told.size).toBe(2);
  expect(told.get('STEP_UP_REQUIRED')).toMatchObject({ count: 2, stepUp: ["fresh(r.ctx, '5m')"] });
  expect(told.get('FORBIDDEN')).toMatchObject({ count: 1 });
});

test('rows that one decision denies are asked about once', async () => {
  let asked = 0;
  const decision = decisions.decide('Book.title', { args: {}, object: null });
  const counting: Decisions = {
    ...decisions,
    decide(coordinate, context) {
      return coordinate === 'Book.title' ? decision : decisions.decide(coordinate, context);
    },
    remedyFor: () => {
      asked += 1;
      return { kind: 'none' };
    },
  };
  const { errors } = await ask(schema, '{ books { title } }', {
    decisions: counting,
    services: new Library(500),
  });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(asked).toBe(1);
});

describe('C48: the record of a denied field', () => {
  const kept = () => {
    const fields: DeniedField[] = [];
    return { fields, recordDenial: (field: DeniedField) => void fields.push(field) };
  };
  const rule = (line: number): Rule => ({
    subject: 'everyone',
    object: 'Book.title',
    action: '*',
    effect: 'deny',
    condition: null,
    provenance: { kind: 'file', file: 'books.csv', line },
  });

  test('is one, whatever its rows were told and whichever rules decided, with the count of all', async () => {
    const { fields, recordDenial } = kept();
    const services = new Library(0);
    services.books.push(
      ...['ann', 'bob', 'ann', 'cleo'].map((owner, id) => ({
        kind: 'Book' as const,
        id: `${id}`,
        title: 't',
        owner,
      })),
    );
    const [third, fourth] = [rule(3), rule(4)];
    const ruled: Decisions = {
      ...decisions,
      decide(coordinate, context) {
        const decision = decisions.decide(coordinate, context);
        const owner = context.object?.['owner'];
        return owner === 'cleo' || decision.effect === 'allow'
          ? decision
          : {
              ...decision,
              reason: 'denied-by-rule',
              rules: owner === 'ann' ? [third, fourth] : [fourth],
            };
      },
    };
    const { errors } = await ask(schema, '{ books { id title } }', {
      decisions: ruled,
      services,
      recordDenial,
    });
    expect(errors).toHaveLength(2);
    expect(fields).toEqual([
      {
        coordinate: 'Book.title',
        count: 4,
        codes: ['STEP_UP_REQUIRED', 'FORBIDDEN'],
        reasons: ['denied-by-rule', 'no-rule-allows'],
        rules: ['books.csv:3', 'books.csv:4'],
        policyVersion: 'sha256-0000000000000000',
      },
    ]);
  });

  test('is made of a mutation that was refused before anything ran, too', async () => {
    const { fields, recordDenial } = kept();
    const services = new Library(1);
    await ask(schema, 'mutation { rename(id: "0", title: "x") { book { title } } }', {
      decisions: denying('Book.title'),
      services,
      recordDenial,
    });
    expect(fields).toMatchObject([{ coordinate: 'Book.title', count: 1 }]);
  });

  test('is made of an operation that took too long, too', async () => {
    const { fields, recordDenial } = kept();
    const services = new Library(1);
    const { errors } = await ask(schema, '{ books { title } slow }', {
      decisions,
      services,
      recordDenial,
      limits: { timeout: 50 },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(fields).toMatchObject([{ coordinate: 'Book.title', count: 1 }]);
  });

  test('is a line of the log where nobody keeps another record', async () => {
    const log = recordingLog();
    await ask(schema, '{ books { title } }', { decisions, services: new Library(3), log });
    expect(log.lines).toMatchObject([
      {
        level: 'info',
        fields: {
          event: 'decision.denied',
          coordinate: 'Book.title',
          count: 3,
          subject: 'user:ann',
          requestId: 'request-1',
        },
      },
    ]);
    const { recordDenial } = kept();
    const quiet = recordingLog();
    await ask(schema, '{ books { title } }', {
      decisions,
      services: new Library(3),
      log: quiet,
      recordDenial,
    });
    expect(quiet.lines).toEqual([]);
  });

  test('is there for every denied coordinate and no other, with the count of what the answer leaves out', async () => {
    const query = '{ plain echo books { id title next { title } } readables { title ... on Book { id } } }';
    const fieldsOf: Readonly<Record<string, Coordinate>> = {
      plain: 'Query.plain',
      echo: 'Query.echo',
      books: 'Query.books',
      readables: 'Query.readables',
    };
    const candidates: readonly Coordinate[] = [
      ...Object.values(fieldsOf),
      'Book.title',
      'Book.next',
      'Letter.title',
    ];
    for (let round = 0; round < rounds(50, 2_000); round += 1) {
      const denied = candidates.filter(() => Math.random() < 0.3);
      const { fields, recordDenial } = kept();
      const services = new Library(Math.floor(Math.random() * 6));
      await ask(schema, query, { decisions: denying(...denied), services, recordDenial });
      const all = services.books.length;
      const letters = services.books.filter(({ kind }) => kind === 'Letter').length;
      const shown = (name: Coordinate): boolean => !denied.includes(name);
      const expected = new Map<Coordinate, number>(
        Object.values(fieldsOf)
          .filter((name) => !shown(name))
          .map((name) => [name, 1]),
      );
      const expectCount = (name: Coordinate, count: number): void => {
        if (!shown(name) && count > 0) expected.set(name, count);
      };
      // Under `books` everything is a Book; under `readables` each is what it says it is.
      const books = shown('Query.books') ? all : 0;
      const readables = shown('Query.readables');
      expectCount('Book.title', books + (readables ? all - letters : 0));
      expectCount('Letter.title', readables ? letters : 0);
      expectCount('Book.next', books);
      expect(new Map(fields.map(({ coordinate, count }) => [coordinate, count]))).toEqual(expected);
      expect(fields).toHaveLength(expected.size);
    }
  });
});

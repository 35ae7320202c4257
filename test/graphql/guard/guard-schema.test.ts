import { describe, expect, test } from '@jest/globals';
import { execute, isObjectType, parse } from 'graphql';
import { errorCatalogue } from '../../../src/core/errors.ts';
import { OperationContext } from '../../../src/graphql/guard/operation-context.ts';
import type { Decision, Decisions } from '../../../src/policy/decision.ts';
import { allowAll, ask, decisionsBy, denyAll, denying, recordingLog, start, userCalled } from '../asking.ts';
import { Library, library } from '../library.ts';

const schema = library();

describe('the guard', () => {
  test('C37: answers nothing but __typename when no rule allows', async () => {
    const services = new Library();
    const result = await ask(schema, '{ __typename plain books { title } echo }', {
      decisions: denyAll,
      services,
    });
    expect(result.data).toEqual({ __typename: 'Query', plain: null, books: null, echo: null });
    expect(result.errors?.map((error) => error.extensions['coordinate'])).toEqual([
      'Query.plain',
      'Query.books',
      'Query.echo',
    ]);
  });

  test('C37: stands before fields that no resolver was written for', async () => {
    const decisions = denying('Book.title');
    const { data, errors } = await ask(schema, '{ books { id title } }', {
      decisions,
      services: new Library(1),
    });
    expect(data).toEqual({ books: [{ id: '0', title: null }] });
    expect(errors).toMatchObject([
      { path: ['books', 0, 'title'], extensions: { coordinate: 'Book.title', count: 1 } },
    ]);
  });

  test('C37: decides a field of an interface or union at the concrete type', async () => {
    const decisions = denying('Letter.title');
    const { data } = await ask(
      schema,
      '{ readables { title } anything { ... on Book { title } ... on Letter { title } } }',
      { decisions, services: new Library(2) },
    );
    const rows = [{ title: 'title 0' }, { title: null }];
    expect(data).toEqual({ readables: rows, anything: rows });
  });

  test('C37: refuses a schema executed without it, and fields added behind its back', async () => {
    const plain = await execute({ schema, document: parse('{ plain }') });
    expect(plain.data).toEqual({ plain: null });
    // What only looks like the guard's own context is none.
    const contextValue: unknown = Object.create(OperationContext.prototype);
    const posing = await execute({ schema, document: parse('{ plain }'), contextValue });
    expect(posing).toMatchObject({
      data: { plain: null },
      errors: [{ originalError: { code: 'FORBIDDEN' } }],
    });
    const query = schema.getQueryType()!;
    expect(Object.isFrozen(query.getFields())).toBe(true);
    expect(() => {
      query.getFields()['plain']!.resolve = () => 'open';
    }).toThrow(TypeError);
  });

  test('C37: has wrapped every field of every object type, and every subscribe', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields())) {
        expect(Object.isFrozen(field)).toBe(true);
        expect(typeof field.resolve).toBe('function');
        if (type.name === 'Subscription') expect(typeof field.subscribe).toBe('function');
      }
    }
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['answers undefined', () => undefined],
    ['answers true', () => true],
    ['answers "true"', () => 'true'],
    ['answers 1', () => 1],
    ['answers an effect that is none', () => ({ effect: 'Allow' })],
    ['answers a promise of an allow', () => Promise.resolve({ effect: 'allow' })],
    ['answers a promise that never settles', () => new Promise(() => undefined)],
  ])('C36: denies where the engine %s', async (_, decide) => {
    const decisions: Decisions = {
      ...allowAll,
      decide: decide as () => Decision,
      preview: decide as () => Decision,
    };
    const services = new Library();
    const query = await ask(schema, '{ plain book(id: "0") { title } }', { decisions, services });
    expect(query.data).toEqual({ plain: null, book: null });
    const mutation = await ask(schema, 'mutation { burn }', { decisions, services });
    expect(mutation.data).toBeNull();
    const introspection = await ask(schema, '{ __schema { types { name } } }', { decisions, services });
    expect(introspection.data).toBeNull();
    expect(services.done).toEqual([]);
  });
});

describe('the object of a decision', () => {
  const own = decisionsBy({
    principal: userCalled('ann'),
    decide: (coordinate, { object }) =>
      coordinate.startsWith('Book.') ||
      ['Query.book', 'Mutation.rename', 'Query.strictBook'].includes(coordinate)
        ? object?.['owner'] === 'ann'
        : true,
  });

  test('a field is decided on the facts of its parent', async () => {
    const { data } = await ask(schema, '{ books { title } }', { decisions: own, services: new Library(2) });
    expect(data).toEqual({ books: [{ title: 'title 0' }, { title: null }] });
  });

  test('facts are computed once for an object, however many of its fields are asked for', async () => {
    const seen: unknown[] = [];
    const decisions = decisionsBy({
      decide: (coordinate, { object }) => {
        if (coordinate.startsWith('Book.')) seen.push(object);
        return true;
      },
    });
    await ask(schema, '{ books { id title strict } }', { decisions, services: new Library(1) });
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
  });

  test('C38: what a root field acts on is decided before its resolver runs', async () => {
    const services = new Library(2);
    const { data, errors } = await ask(
      schema,
      '{ mine: book(id: "0") { title } other: book(id: "1") { id } }',
      {
        decisions: own,
        services,
      },
    );
    expect(data).toEqual({ mine: { title: 'title 0' }, other: null });
    expect(errors).toHaveLength(1);
    expect(services.done).toEqual(['loaded 0 1', 'read 0']);
  });

  test("C38: a missing object is answered like somebody else's, to the byte", async () => {
    const services = new Library(2);
    const asking = { decisions: own, services };
    const other = await ask(schema, '{ book(id: "1") { id } }', asking);
    const missing = await ask(schema, '{ book(id: "9") { id } }', asking);
    expect(missing).toEqual(other);
    const both = await ask(schema, '{ a: book(id: "1") { id } b: book(id: "9") { id } }', asking);
    expect(both.errors).toMatchObject([{ path: ['a'], extensions: { count: 2 } }]);
  });

  test('C38: whoever is denied whatever the object makes us load nothing: there is no time to measure', async () => {
    const services = new Library(2);
    const decisions = denying('Query.book', 'Query.strictBook');
    const { data } = await ask(schema, '{ book(id: "1") { id } }', { decisions, services });
    expect(data).toEqual({ book: null });
    expect((await ask(schema, '{ strictBook(id: "1") { id } }', { decisions, services })).data).toBeNull();
    expect(services.done).toEqual([]);
  });

  test('whoever is allowed to look is told that there is nothing', async () => {
    const services = new Library(2);
    const { data, errors } = await ask(schema, '{ book(id: "9") { id } }', { services });
    expect(data).toEqual({ book: null });
    expect(errors).toMatchObject([
      { message: errorCatalogue.NOT_FOUND.message, extensions: { code: 'NOT_FOUND' } },
    ]);
    expect(services.done).toEqual(['loaded 9']);
  });

  test('arguments are decided as coerced, with their defaults', async () => {
    const seen: unknown[] = [];
    const decisions = decisionsBy({ decide: (_, { args }) => seen.push({ ...args }) > 0 });
    await ask(schema, '{ echo }', { decisions });
    expect(seen).toEqual([{ number: 7 }]);
  });
});

describe('denials', () => {
  test('a list of 1,000 rows with a denied nullable column has one error', async () => {
    const log = recordingLog();
    const decisions = denying('Book.title');
    const { data, errors } = await ask(schema, '{ books { id title } }', {
      decisions,
      services: new Library(1_000),
      log,
    });
    expect((data?.['books'] as unknown[]).length).toBe(1_000);
    expect(errors).toMatchObject([
      {
        message: errorCatalogue.FORBIDDEN.message,
        path: ['books', 0, 'title'],
        extensions: { code: 'FORBIDDEN', coordinate: 'Book.title', count: 1_000 },
      },
    ]);
    expect(log.lines).toMatchObject([
      { level: 'info', fields: { event: 'decision.denied', coordinate: 'Book.title', count: 1_000 } },
    ]);
  });

  test('a list of 1,000 rows with a denied non-null column has one error, and no rows', async () => {
    const decisions = denying('Book.strict');
    const { data, errors } = await ask(schema, '{ books { id strict } }', {
      decisions,
      services: new Library(1_000),
    });
    expect(new Set(data?.['books'] as unknown[])).toEqual(new Set([null]));
    expect(errors).toMatchObject([{ path: ['books', 0, 'strict'], extensions: { count: 1_000 } }]);
  });

  test('say what to do: log in, prove more, or nothing', async () => {
    const codeWith = async (remedy: Parameters<typeof decisionsBy>[0]['remedy']) =>
      (
        await ask(schema, '{ plain }', {
          decisions: decisionsBy({ decide: () => false, ...(remedy === undefined ? {} : { remedy }) }),
        })
      ).errors?.[0]?.extensions;
    expect(await codeWith({ kind: 'none' })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await codeWith({ kind: 'log-in' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await codeWith({ kind: 'step-up', calls: ["fresh(r.ctx, '5m')"] })).toMatchObject({
      code: 'STEP_UP_REQUIRED',
      stepUp: ["fresh(r.ctx, '5m')"],
    });
  });
});

describe('subscriptions', () => {
  const collect = async (decisions: Decisions, services: Library, source: string) => {
    const stream = await start(schema, source, { decisions, services });
    if (!(Symbol.asyncIterator in stream)) return stream;
    const events: unknown[] = [];
    for await (const event of stream) events.push(JSON.parse(JSON.stringify(event)));
    return events;
  };

  test('C37: a denied subscription never subscribes', async () => {
    const services = new Library();
    for (const source of [
      'subscription { renamed { id } }',
      'subscription { renamedBook(id: "0") { id } }',
    ]) {
      const result = await collect(denyAll, services, source);
      expect(result).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    }
    expect(services.done).toEqual([]);
  });

  test('each event is decided for itself, with errors of its own', async () => {
    const decisions = decisionsBy({
      decide: (coordinate, { object }) => coordinate !== 'Book.title' || object?.['owner'] === 'ann',
    });
    const events = await collect(decisions, new Library(2), 'subscription { renamed { id title } }');
    expect(events).toMatchObject([
      { data: { renamed: { id: '0', title: 'title 0' } } },
      { data: { renamed: { id: '1', title: null } }, errors: [{ extensions: { count: 1 } }] },
    ]);
  });

  test('what a subscription acts on is loaded and decided like that of any root field', async () => {
    const services = new Library(2);
    const events = await collect(allowAll, services, 'subscription { renamedBook(id: "1") { title } }');
    expect(events).toEqual([{ data: { renamedBook: { title: 'renamed' } } }]);
    expect(services.done).toContain('subscribed 1');
  });

  test('an event is answered nothing once the policy denies it', async () => {
    let open = true;
    const decisions = decisionsBy({ decide: () => open });
    const stream = await start(schema, 'subscription { renamed { id } }', {
      decisions,
      services: new Library(2),
    });
    if (!(Symbol.asyncIterator in stream)) throw new Error('no stream');
    expect((await stream.next()).value).toMatchObject({ data: { renamed: { id: '0' } } });
    open = false;
    expect((await stream.next()).value).toMatchObject({ data: { renamed: null } });
    await stream.return?.();
  });
});

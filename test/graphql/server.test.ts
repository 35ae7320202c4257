import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { denyAll, denying, recordingLog, stateFor } from './asking.ts';
import { Library, library } from './library.ts';
import { post, serve, type Served } from './serve.ts';

const schema = library();
let served: Served;
const services = new Library();
beforeAll(async () => {
  served = await serve({ schema, services });
});
afterAll(() => served.close());

describe('GraphQL over HTTP', () => {
  test("answers all of the specification's audit: 0 errors, 0 warnings", async () => {
    const found = { ok: 0, notice: 0, warn: [] as string[], error: [] as string[] };
    for (const audit of serverAudits({ url: served.url, fetchFn: fetch })) {
      const result = await audit.fn();
      if (result.status === 'ok' || result.status === 'notice') found[result.status] += 1;
      else found[result.status].push(`${audit.name}: ${result.reason}`);
    }
    expect(found).toEqual({ ok: 61, notice: 0, warn: [], error: [] });
  });

  test('answers queries by GET, and no mutation', async () => {
    const query = await fetch(`${served.url}?query=${encodeURIComponent('{ plain }')}`);
    expect(await query.json()).toEqual({ data: { plain: 'plain' } });
    const mutation = await fetch(`${served.url}?query=${encodeURIComponent('mutation { burn }')}`);
    expect(mutation.status).toBe(405);
    expect(services.done).not.toContain('burned');
  });

  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'text/plain',
    'application/jsonp',
    'application/graphql+json',
  ])('takes no body of %s', async (type) => {
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': type },
      body: 'query=mutation{burn}',
    });
    expect(response.status).toBe(415);
    expect(services.done).not.toContain('burned');
  });

  test.each([
    ['an array of operations', '[{"query":"{ plain }"},{"query":"{ plain }"}]'],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a number', '7'],
    ['a query that is none', '{"query":{"a":1}}'],
    ['variables that are none', '{"query":"{ plain }","variables":[1]}'],
    ['nothing', ''],
  ])('refuses %s with 400 and a sentence', async (_, body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(served.url, { method: 'POST', headers, body });
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ message: expect.any(String) }] });
    expect(text).not.toMatch(/node_modules|at .*\(/);
  });

  test.each([
    ['no JSON', 'POST', '', '{"query":"seeded-body', 'BAD_USER_INPUT'],
    ['an array', 'POST', '', '[{"query":"{ plain }"}]', 'BAD_USER_INPUT'],
    ['a query that is none', 'POST', '', '{"query":7}', 'BAD_USER_INPUT'],
    ['a member that is not known', 'POST', '', '{"query":"{ plain }","more":1}', 'BAD_USER_INPUT'],
    [
      'an operation that is not there',
      'POST',
      '',
      '{"query":"{ plain }","operationName":"x"}',
      'BAD_USER_INPUT',
    ],
    ['a document that is none', 'POST', '', '{"query":"{ plain"}', 'BAD_USER_INPUT'],
    ['a document that is not valid', 'POST', '', '{"query":"{ nothing }"}', 'BAD_USER_INPUT'],
    ['no query', 'GET', '', null, 'BAD_USER_INPUT'],
    ['a mutation in the address', 'GET', '?query=mutation%7Bburn%7D', null, 'METHOD_NOT_ALLOWED'],
    ['another method', 'PUT', '', null, 'METHOD_NOT_ALLOWED'],
  ])(
    'refuses %s with a code of the catalogue, quotes nothing of it, and logs no fault',
    async (_what, method, query, body, code) => {
      const log = recordingLog();
      const server = await serve({ schema, services, log });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${server.url}${query}`, { method, headers, body });
      const text = await response.text();
      await server.close();
      const { errors } = JSON.parse(text) as { errors: { extensions: object }[] };
      for (const { extensions } of errors) expect(extensions).toEqual({ code });
      expect(text).not.toContain('seeded-body');
      expect(log.lines).toEqual([]);
    },
  );

  test('takes JSON whose media type has parameters', async () => {
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': 'Application/JSON; charset=utf-8; profile=x; boundary=text/plain' },
      body: '{"query":"{ plain }"}',
    });
    expect(await response.json()).toEqual({ data: { plain: 'plain' } });
  });

  test.each(['{', '"variables"', '%'])(
    'refuses variables that are no JSON in a query string: %s',
    async (variables) => {
      const response = await fetch(`${served.url}?query={plain}&variables=${encodeURIComponent(variables)}`);
      expect(response.status).toBe(400);
    },
  );

  test('serves no page, no health check and no other method', async () => {
    const page = await fetch(served.url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type') ?? '').not.toMatch(/html/);
    const health = await fetch(`${served.url}?query={plain}&x=/health`);
    expect(health.headers.get('x-yoga-id')).toBeNull();
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect((await fetch(served.url, { method })).status).toBe(405);
    }
  });

  test('lets no origin in by itself', async () => {
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: '{"query":"{ plain }"}',
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('answers a denial with 200, null and what to do', async () => {
    const denied = await serve({ schema, services, state: () => stateFor(denying('Query.plain')) });
    expect(await post(denied, '{ plain echo }')).toMatchObject({
      status: 200,
      body: { data: { plain: null, echo: 7 }, errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
    await denied.close();
  });

  test.each(['development', 'production'])(
    'C66: masks what a resolver throws where NODE_ENV is %s',
    async (mode) => {
      const before = process.env['NODE_ENV'];
      process.env['NODE_ENV'] = mode;
      const log = recordingLog();
      const masking = await serve({ schema, services, log, production: mode === 'production' });
      try {
        const { text } = await post(masking, '{ fails broken }');
        expect(text).not.toMatch(/hunter2|ECONNREFUSED|node_modules|\.ts/);
        expect(JSON.stringify(log.lines.map((line) => line.fields))).toContain('request-1');
      } finally {
        process.env['NODE_ENV'] = before;
        await masking.close();
      }
    },
  );
});

describe('what a client learns of the schema', () => {
  const misspelt = '{ plian echo(numbr: 1) books { titel } ... on Bok { id } }';

  test('C64: in production no message guesses what was meant', async () => {
    const { text, body } = await post(served, misspelt);
    expect(body.data).toBeUndefined();
    expect(body.errors).toHaveLength(4);
    expect(text).not.toMatch(/Did you mean/i);
    const { text: variables } = await post(served, 'query ($id: ID!) { book(id: $id) { id } }', { di: '1' });
    expect(variables).not.toMatch(/Did you mean/i);
  });

  test('C64: a denied introspection tells nothing', async () => {
    const denied = await serve({ schema, services, state: () => stateFor(denyAll) });
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Book") { fields { name } } }']) {
      const { body, text } = await post(denied, query);
      expect(body.data).toBeNull();
      expect(text).not.toMatch(/Letter/);
    }
    await denied.close();
  });

  test('in development the messages help', async () => {
    const helping = await serve({ schema, services, production: false });
    expect((await post(helping, misspelt)).text).toMatch(/Did you mean/);
    await helping.close();
  });
});

describe('a subscription', () => {
  const events = async (from: Served, query: string) => {
    const response = await fetch(from.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    return { type: response.headers.get('content-type'), text: await response.text() };
  };

  test('is a stream of server-sent events, each decided', async () => {
    const few = await serve({
      schema,
      services: new Library(2),
      state: () => stateFor(denying('Book.title')),
    });
    const { type, text } = await events(few, 'subscription { renamed { id title } }');
    expect(type).toContain('text/event-stream');
    const data = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!) as unknown);
    expect(data).toMatchObject([
      { data: { renamed: { id: '0', title: null } } },
      { data: { renamed: { id: '1', title: null } } },
    ]);
    expect(text).toContain('event: complete');
    await few.close();
  });

  test('that is denied never begins', async () => {
    const library = new Library();
    const denied = await serve({ schema, services: library, state: () => stateFor(denyAll) });
    expect((await events(denied, 'subscription { renamed { id } }')).text).toContain('FORBIDDEN');
    expect(library.done).toEqual([]);
    await denied.close();
  });
});

/**
 * The yardstick of bench/requests.ts: stock Yoga in stock Koa, mounted as its documentation says, with nothing guarded and
 * nobody logged in. The same types as ours, and answers of the same shape.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { createSchema, createYoga } from 'graphql-yoga';
import Koa from 'koa';
import { tellProcessorTime } from './requests-processor-time.ts';

const user = { id: '019300a0-0000-7000-8000-000000000000', name: 'bench-00000-0' };
const schema = createSchema<Koa.ParameterizedContext>({
  typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers: {
    Query: { viewer: () => ({}) },
    Viewer: { subject: () => 'user:bench-00000-0', kind: () => 'USER', user: () => user },
  },
});
const yoga = createYoga<Koa.ParameterizedContext>({ schema });
const app = new Koa();
app.use(async (ctx) => {
  const response = await yoga.handleNodeRequestAndResponse(ctx.req, ctx.res, ctx);
  ctx.status = response.status;
  response.headers.forEach((value, name) => {
    ctx.append(name, value);
  });
  ctx.body = response.body;
});
const handle = app.callback();
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => {
  tellProcessorTime();
  process.send?.({ port: (server.address() as AddressInfo).port, cookie: '' });
});

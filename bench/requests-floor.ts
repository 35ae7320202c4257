/**
 * What no server in Koa can do without, for bench/requests.ts: reads a body, answers as many bytes, and does nothing else. Its
 * time is that of sockets, of Node's HTTP and of Koa.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import getRawBody from 'raw-body';
import { tellProcessorTime } from './requests-processor-time.ts';

const answer = JSON.stringify({
  data: { viewer: { user: { id: '019300a0-0000-7000-8000-000000000000', name: 'bench-00000-0' } } },
});
const app = new Koa();
app.use(async (ctx) => {
  await getRawBody(ctx.req, { length: ctx.req.headers['content-length'] ?? null, limit: 100_000 });
  ctx.set('content-type', 'application/json; charset=utf-8');
  ctx.body = answer;
});
const handle = app.callback();
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => {
  tellProcessorTime();
  process.send?.({ port: (server.address() as AddressInfo).port, cookie: '' });
});

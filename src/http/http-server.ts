import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import Koa from 'koa';
import { cookieProfile } from '../sessions/cookie-profile.ts';
import { createSealedCookie } from '../sessions/sealed-cookie.ts';
import { createSessions } from '../sessions/session-middleware.ts';
import { trustedProxies } from './client-address.ts';
import { createFormTokens } from './form-token.ts';
import { createIdentify } from './identify.ts';
import { createLogIn } from './log-in.ts';
import { createLogOut } from './log-out.ts';
import { createLoginScreen } from './login-screen.ts';
import { middlewareTable } from './middleware-table.ts';
import type { HttpNeeds, Patience } from './needs.ts';
import { addAccount } from './routes/account.ts';
import { addPageAssets } from './routes/assets.ts';
import { addGraphiql } from './routes/graphiql.ts';
import { besideGraphql } from './routes/beside-graphql.ts';
import { answerGraphql } from './routes/graphql.ts';
import { addHealth, addHealthDetail } from './routes/health.ts';
import { addHome } from './routes/home.ts';
import { addLogin } from './routes/login.ts';
import { addLogout } from './routes/logout.ts';
import { addRedirectedLogin } from './routes/redirected-login.ts';
import { addSetup } from './routes/setup.ts';
import type { HttpState, Step } from './state.ts';
import { createTransactions } from './transactions.ts';

export interface HttpServer {
  /** Where it listens; `null` while it does not. */
  readonly address: AddressInfo | null;
  /** Resolves when requests are taken. Rejects with the system's error, such as EADDRINUSE. */
  listen(): Promise<AddressInfo>;
  /**
   * Says at /readyz that it is not ready, and goes on for the lead time. Then it takes no more requests, ends the streams,
   * finishes what is in flight, and cuts what is left after the drain time.
   */
  close(): Promise<void>;
}

const defaultPatience: Patience = {
  headers: 10_000,
  request: 30_000,
  keepAlive: 5_000,
  stall: 60_000,
  lead: 0,
  drain: 10_000,
};

/** Of a client that has left, before its request was whole or before its answer was. */
const clientLeft: ReadonlySet<unknown> = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ECONNRESET',
  'EPIPE',
  'HPE_INVALID_EOF_STATE',
]);
const maxHeaderBytes = 16_384;
const maxRequestsPerSocket = 1_000;
/** One takes the connections that wait, the next reads what they sent. */
const turnsToRead = 3;

/** `/GRAPHQL` and `/graphql/` are no other names of `/graphql`: the steps of the table ask for the path to the letter. */
const exactPaths = { sensitive: true, strict: true } as const;

/** @koa/router asks of its context what its own middleware puts there; Koa's type knows nothing of it. */
const asStep = (middleware: unknown): Step => middleware as Step;

/** The Koa application in its Node server, not yet listening. */
export async function createHttpServer(needs: HttpNeeds): Promise<HttpServer> {
  const { settings, door, setup, graphql, clock, log } = needs;
  const { publicUrl } = settings;
  const patience = { ...defaultPatience, ...needs.patience };
  const graphiql = settings.mode === 'development';

  const app = new Koa<HttpState>();
  // What fails after an answer has begun has nobody left to tell. Mostly it is a client that has left.
  app.on('error', (err: unknown) => {
    const left = typeof err === 'object' && err !== null && 'code' in err && clientLeft.has(err.code);
    log[left ? 'debug' : 'warn']({ event: 'http.error', err }, 'An answer could not be sent whole.');
  });

  const cookies = cookieProfile(publicUrl);
  const sessions = createSessions(
    { backend: needs.sessions, limits: settings.sessions, cookies, clock, log },
    app,
  );
  const sealing = { secrets: settings.secrets, cookies, clock };
  const tokens = createFormTokens(createSealedCookie({ purpose: 'visitor', ...sealing }));
  const transactions = createTransactions(sealing);
  const identify = createIdentify(needs);
  const logIn = createLogIn({ door, tokens, identify });
  const showLogin = createLoginScreen({ door, tokens });
  const logOut = createLogOut({ ...needs, identify, publicUrl });
  const graphqlNeeds = { graphql, logIn, logOut, renewal: needs };
  let draining = false;

  const openRoutes = new Router(exactPaths);
  addHealth(openRoutes, {
    ...needs,
    limits: settings.sessions,
    draining: () => draining,
    sessionName: cookies.sessionName,
  });
  addPageAssets(openRoutes);
  if (graphiql) await addGraphiql(openRoutes, needs.graphiqlQuery);

  const routes = new Router<HttpState>(exactPaths);
  addHome(routes, { graphiql });
  addLogin(routes, { fields: door.fields, logIn, showLogin, publicUrl });
  addRedirectedLogin(routes, {
    ...needs,
    redirects: door.redirects,
    logIn,
    showLogin,
    transactions,
    publicUrl,
  });
  addAccount(routes, { ...needs, redirects: door.redirects, transactions, tokens });
  addLogout(routes, { logOut });
  addSetup(routes, { setup, tokens });
  addHealthDetail(routes, graphqlNeeds);

  const table = middlewareTable({
    ...needs,
    identify,
    tokens,
    publicUrl,
    isTrusted: trustedProxies(settings.trustedProxies),
    corsOrigins: new Set(settings.corsOrigins.map((origin) => new URL(origin).origin)),
    bodyLimit: settings.bodyLimit,
    session: sessions.middleware,
    openRoutes: besideGraphql(asStep(openRoutes.routes()), (_ctx, next) => next()),
    routes: besideGraphql(asStep(routes.routes()), answerGraphql(graphqlNeeds)),
    allowedMethods: asStep(routes.allowedMethods()),
  });
  for (const { step } of table) app.use(step);

  const handle = app.callback();
  const answering = new Set<ServerResponse>();
  const server = createServer(
    {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      keepAliveTimeout: patience.keepAlive,
      connectionsCheckingInterval: Math.min(1_000, patience.headers),
      maxHeaderSize: maxHeaderBytes,
    },
    (request, response) => {
      answering.add(response);
      response.once('close', () => answering.delete(response));
      if (draining) response.setHeader('connection', 'close');
      void handle(request, response);
    },
  );
  server.maxRequestsPerSocket = maxRequestsPerSocket;
  server.timeout = patience.stall;

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    draining = true;
    // Each connection is told with its next answer not to be used again: those in flight too.
    for (const response of answering) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
    if (server.listening) {
      await sleep(patience.lead);
      // A timer comes before what has arrived meanwhile: a busy server would hang up on requests that it has not read yet.
      for (let turn = 0; turn < turnsToRead; turn += 1) await nextTurn();
    }
    graphql.endStreams();
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    // A stream that has just ended leaves a connection that was told to stay.
    const sweep = setInterval(() => {
      setImmediate(() => {
        server.closeIdleConnections();
      });
    }, 50);
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, patience.drain);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
    await sessions.settle();
  }

  return {
    get address() {
      const address = server.address();
      return typeof address === 'object' ? address : null;
    },
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(settings.port, settings.host, () => {
          server.off('error', reject);
          resolve(server.address() as AddressInfo);
        });
      }),
    close: () => (closing ??= close()),
  };
}

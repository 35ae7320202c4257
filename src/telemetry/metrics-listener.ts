import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

export interface MetricsListener {
  /** @throws OperatorError where the address can't be listened on */
  listen(): Promise<AddressInfo>;
  close(): Promise<void>;
}

export interface MetricsListenerNeeds {
  readonly host: string;
  readonly port: number;
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly log: Log;
}

const patience = { headers: 2_000, request: 5_000 };

/** `/metrics`, and nothing else, on an address of its own: it asks nobody who they are. */
export function createMetricsListener({ host, port, render, log }: MetricsListenerNeeds): MetricsListener {
  const server = createServer(
    { headersTimeout: patience.headers, requestTimeout: patience.request, maxHeaderSize: 8_192 },
    (request, response) => {
      const answer = (status: number, contentType: string, text: string): void => {
        response.writeHead(status, {
          'content-type': contentType,
          'content-length': Buffer.byteLength(text),
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        });
        response.end(request.method === 'HEAD' ? undefined : text);
      };
      const path = (request.url ?? '').split('?')[0];
      if (path !== '/metrics') answer(404, 'text/plain', 'There is nothing here but /metrics.\n');
      else if (request.method !== 'GET' && request.method !== 'HEAD')
        answer(405, 'text/plain', 'Send GET.\n');
      else {
        render().then(
          ({ contentType, text }) => {
            answer(200, contentType, text);
          },
          (err: unknown) => {
            log.error({ event: 'metrics.failed', err }, 'The metrics could not be read.');
            answer(500, 'text/plain', 'The metrics could not be read. The log says why.\n');
          },
        );
      }
    },
  );

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          const reason = error.code ?? error.message;
          reject(
            new OperatorError(
              `Metrics can't be served on ${host}:${port} (${reason}). Give another METRICS_PORT or METRICS_HOST.`,
              error,
            ),
          );
        });
        server.listen(port, host, () => {
          resolve(server.address() as AddressInfo);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

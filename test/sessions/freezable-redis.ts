import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Secret } from '../../src/core/secret.ts';

/** Passes bytes on to a server, until it is told to keep them. */
export async function startFreezableRedis(target: URL | null) {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => undefined);
    if (target === null) return;
    const far = connect(Number(target.port === '' ? 6379 : target.port), target.hostname);
    sockets.add(far);
    far.on('error', () => undefined);
    near.on('data', (data) => {
      if (!frozen) far.write(data);
    });
    far.on('data', (data) => {
      if (!frozen) near.write(data);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new Secret(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`),
    freeze: () => {
      frozen = true;
    },
    /** Breaks every connection, and passes bytes on again. */
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

import { randomInt } from 'node:crypto';
import { access, chmod, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** As `pg` builds the path from a folder and a port. */
const prefix = '.s.PGSQL.';
export const socketPath = (folder: string, port: number): string => join(folder, `${prefix}${port}`);

const portsIn = async (folder: string): Promise<number[]> =>
  (await readdir(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)));

/**
 * Whether somebody listens there. The kernel answers, so a crash, a reused process id or another container's process
 * ids can't mislead: only a socket that nobody has open refuses.
 */
const isAlive = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });

/** The socket of whoever has the data directory now, by its port; `null` where nobody has. */
export async function findOwner(folder: string): Promise<number | null> {
  for (const port of await portsIn(folder)) {
    if (await isAlive(socketPath(folder, port))) return port;
  }
  return null;
}

export interface DirectoryLock {
  readonly port: number;
  readonly server: Server;
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });

async function attempt(folder: string, accept: (socket: Socket) => void): Promise<DirectoryLock | null> {
  const port = randomInt(1, 2 ** 31);
  const path = socketPath(folder, port);
  const server = createServer(accept);
  await listen(server, path);
  await chmod(path, 0o600);
  const dead: string[] = [];
  for (const other of await portsIn(folder)) {
    if (other === port) continue;
    const otherPath = socketPath(folder, other);
    if (await isAlive(otherPath)) {
      server.close();
      return null;
    }
    dead.push(otherPath);
  }
  // Swept by an owner that saw the name before the socket listened, and has gone since.
  const listed = await access(path).then(
    () => true,
    () => false,
  );
  if (!listed) {
    server.close();
    return null;
  }
  for (const stale of dead) await rm(stale, { force: true });
  return { port, server };
}

/**
 * Takes the data directory for as long as the process lives: the listening socket *is* the lock, and the kernel gives
 * it up with the process, kill -9 included.
 *
 * Each candidate listens under a name that is never used again, and only then looks for others: of two, the later to
 * listen sees the earlier, so both can't win. Both may withdraw; then they try again. `null` where somebody has it.
 */
export async function takeDirectoryLock(
  folder: string,
  accept: (socket: Socket) => void,
): Promise<DirectoryLock | null> {
  for (let tries = 0; tries < 6; tries += 1) {
    if (tries > 0) await sleep(randomInt(10, 60));
    const lock = await attempt(folder, accept);
    if (lock !== null) return lock;
  }
  return null;
}

import type { Socket } from 'node:net';
import { fatal, welcome } from './messages.ts';
import { createUnitReader, type Unit } from './units.ts';

const protocol3 = 196_608;
const sslRequest = 80_877_103;
const gssRequest = 80_877_104;
const maxStartupBytes = 10_000;
/** Units that may wait before the client is made to wait. */
const maxPendingUnits = 64;

/** A client of the front: what it has asked, in order. */
export interface Connection {
  readonly units: Unit[];
  /** The longest a transaction of this client may keep the database, in milliseconds. */
  readonly leaseMs: number;
  /** Not while the client leaves earlier answers unread. */
  readonly canRun: boolean;
  readonly closed: boolean;
  answer(bytes: Uint8Array): void;
  /** Tells the client why, and closes. */
  refuse(sqlState: string, reason: string): void;
  close(): void;
  /** To be called when units were taken: lets the client send on. */
  resume(): void;
}

interface Needs {
  readonly socket: Socket;
  readonly leaseMs: number;
  /** Resolves when the database is open: clients that come before are kept waiting. */
  readonly opened: Promise<void>;
  readonly onUnits: (connection: Connection) => void;
  readonly onClose: (connection: Connection) => void;
}

/** Run-time parameters of a startup message (section 54.7, StartupMessage). */
function parametersOf(body: Buffer): Map<string, string> {
  const strings = body.toString('utf8').split('\0');
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < strings.length && strings[at] !== ''; at += 2) {
    found.set(strings[at] ?? '', strings[at + 1] ?? '');
  }
  return found;
}

const harmless = new Set(['user', 'database', 'client_encoding', 'application_name']);
const leaseOption = /^-c portcullis\.lease=(\d{1,6})$/;

export function createConnection({ socket, leaseMs, opened, onUnits, onClose }: Needs): Connection {
  const reader = createUnitReader();
  const units: Unit[] = [];
  let lease = leaseMs;
  let startup: Buffer | null = Buffer.alloc(0);
  let closed = false;

  const close = (): void => {
    if (closed) return;
    closed = true;
    units.length = 0;
    socket.destroySoon();
    onClose(connection);
  };

  const connection: Connection = {
    units,
    get leaseMs() {
      return lease;
    },
    get canRun() {
      return !socket.writableNeedDrain;
    },
    get closed() {
      return closed;
    },
    answer(bytes) {
      if (!closed) socket.write(bytes);
    },
    refuse(sqlState, reason) {
      if (!closed) socket.write(fatal(sqlState, reason));
      close();
    },
    close,
    resume() {
      if (units.length < maxPendingUnits) socket.resume();
    },
  };

  /** A run-time parameter would hold for everybody: server-side timeouts above all, which PGlite can't keep. */
  const checkParameters = (parameters: ReadonlyMap<string, string>): boolean => {
    for (const [name, value] of parameters) {
      const asked = name === 'options' ? leaseOption.exec(value)?.[1] : undefined;
      if (asked !== undefined) lease = Number(asked);
      else if (!harmless.has(name)) {
        connection.refuse(
          '0A000',
          `The embedded database does not take the run-time parameter ${JSON.stringify(name)}.`,
        );
        return false;
      }
    }
    return true;
  };

  const takeUnits = (chunk: Buffer): void => {
    const taken = reader.push(chunk);
    if (taken.length === 0) return;
    units.push(...taken);
    if (units.length >= maxPendingUnits) socket.pause();
    onUnits(connection);
  };

  const takeStartup = (chunk: Buffer): void => {
    startup = Buffer.concat([startup ?? Buffer.alloc(0), chunk]);
    while (startup.length >= 8) {
      const length = startup.readInt32BE(0);
      const code = startup.readInt32BE(4);
      if (length < 8 || length > maxStartupBytes) {
        close();
        return;
      }
      if (startup.length < length) return;
      const body: Buffer = startup.subarray(8, length);
      const rest: Buffer = startup.subarray(length);
      if (code === sslRequest || code === gssRequest) {
        socket.write('N');
        startup = rest;
        continue;
      }
      // CancelRequest comes here too: one session serves all, so nobody may cancel what runs in it.
      if (code !== protocol3) {
        close();
        return;
      }
      if (!checkParameters(parametersOf(body))) return;
      startup = null;
      socket.pause();
      void opened.then(() => {
        connection.answer(welcome);
        socket.resume();
        if (rest.length > 0) takeUnits(rest);
      });
      return;
    }
  };

  socket.on('data', (chunk: Buffer) => (startup === null ? takeUnits(chunk) : takeStartup(chunk)));
  socket.on('drain', () => onUnits(connection));
  socket.on('error', close);
  socket.on('close', close);
  return connection;
}

import type { Socket } from 'node:net';
import { createConnection, type Connection } from './connection.ts';
import { query, statusAfter } from './messages.ts';

interface Needs {
  /** The longest a transaction may keep the database, in milliseconds. */
  readonly leaseMs: number;
  /** Runs one unit in the only session there is. A throw means that the database is lost. */
  readonly run: (unit: Uint8Array) => Uint8Array;
  readonly opened: Promise<void>;
  readonly onLeaseEnd: (leaseMs: number) => void;
  readonly onCrash: (error: unknown) => void;
}

export interface Front {
  accept(socket: Socket): void;
  /** Waits until every client has left, at most so many milliseconds, then closes the rest. */
  drain(ms: number): Promise<void>;
}

/**
 * Takes turns. A unit runs whole; a client whose unit leaves a transaction open keeps the database until ReadyForQuery
 * says idle, or its lease ends. Nobody's answer can reach anybody else: an answer is written where its unit came from,
 * before the next unit runs.
 */
export function createFront({ leaseMs, run, opened, onLeaseEnd, onCrash }: Needs): Front {
  const connections = new Set<Connection>();
  /** Clients with units to run, first come first. */
  const waiting = new Set<Connection>();
  let holder: Connection | null = null;
  let lease: NodeJS.Timeout | undefined;
  let scheduled = false;
  let crashed = false;

  const crash = (error: unknown): void => {
    crashed = true;
    for (const connection of connections) connection.close();
    onCrash(error);
  };

  const schedule = (): void => {
    if (scheduled || crashed) return;
    scheduled = true;
    setImmediate(pump);
  };

  const release = (): void => {
    clearTimeout(lease);
    holder = null;
    schedule();
  };

  const rollBack = (): void => {
    try {
      run(query('ROLLBACK'));
      release();
    } catch (error) {
      crash(error);
    }
  };

  const hold = (connection: Connection): void => {
    holder = connection;
    lease = setTimeout(() => {
      onLeaseEnd(connection.leaseMs);
      // Closing a holder rolls back.
      connection.refuse(
        '25P03',
        `A transaction kept the embedded database for more than ${connection.leaseMs} ms: it was rolled back.`,
      );
    }, connection.leaseMs);
  };

  const next = (): Connection | undefined => {
    for (const connection of holder === null ? waiting : [holder]) {
      if (connection.units.length > 0 && connection.canRun) return connection;
    }
    return undefined;
  };

  const pump = (): void => {
    scheduled = false;
    const connection = next();
    if (connection === undefined) return;
    // To the back of the line, whatever becomes of this unit.
    waiting.delete(connection);
    const unit = connection.units.shift();
    if (unit?.kind === 'terminate') connection.close();
    else if (unit?.kind === 'refused') connection.refuse(unit.sqlState, unit.reason);
    else if (unit !== undefined) {
      try {
        const answer = run(unit.bytes);
        const status = statusAfter(answer);
        if (status === null) throw new Error('the embedded database answered without ReadyForQuery');
        connection.answer(answer);
        if (status !== 'I' && holder === null) hold(connection);
        if (status === 'I' && holder !== null) release();
      } catch (error) {
        crash(error);
        return;
      }
      connection.resume();
    }
    if (connection.units.length > 0) waiting.add(connection);
    schedule();
  };

  return {
    accept(socket) {
      connections.add(
        createConnection({
          socket,
          leaseMs,
          opened,
          onUnits(connection) {
            if (connection.units.length === 0) return;
            waiting.add(connection);
            schedule();
          },
          onClose(connection) {
            connections.delete(connection);
            waiting.delete(connection);
            if (holder === connection && !crashed) rollBack();
          },
        }),
      );
    },
    async drain(ms) {
      const step = 20;
      for (let waited = 0; connections.size > 0 && waited < ms; waited += step) {
        await new Promise((resolve) => setTimeout(resolve, step));
      }
      for (const connection of connections) connection.close();
    },
  };
}

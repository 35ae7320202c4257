import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../core/clock.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { HashingReply, HashingRequest } from './messages.ts';

type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'id'> : never;
export type HashingWork = Unnumbered<HashingRequest>;
type Answer = Exclude<HashingReply, { failure: string }>;

export interface HashingProcess {
  /** UNAVAILABLE where the process ends, or does not answer in time; the next call starts another one. */
  run(work: HashingWork): Promise<Answer>;
  /** For tests and diagnosis: the process that works now. */
  pid(): number | undefined;
  close(): Promise<void>;
}

interface Needs {
  readonly threads: number;
  /** Longest one hash may take, milliseconds. */
  readonly deadline: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface Pending {
  resolve(answer: Answer): void;
  reject(error: PortcullisError): void;
  readonly timer: NodeJS.Timeout;
}

/** A process that dies younger than this is not replaced before it would have been this old, milliseconds. */
const restartPause = 1_000;
/** How much longer the first answer may take: the process has to start, on a machine that may be busy. Milliseconds. */
const startPatience = 10_000;

const unavailable = (detail: string): PortcullisError => new PortcullisError('UNAVAILABLE', { detail });

/** Keeps one hashing process: started at the first call, replaced at the next call after it died. */
export function createHashingProcess({ threads, deadline, clock, log }: Needs): HashingProcess {
  const pending = new Map<number, Pending>();
  const started = new WeakSet<ChildProcess>();
  let child: ChildProcess | null = null;
  let startedAt = -Infinity;
  let lastId = 0;
  let closed = false;

  function settle(id: number): Pending | undefined {
    const waiting = pending.get(id);
    pending.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  function receive(reply: HashingReply): void {
    const waiting = settle(reply.id);
    if ('failure' in reply) waiting?.reject(unavailable(`argon2: ${reply.failure}`));
    else waiting?.resolve(reply);
  }

  function abandon(of: ChildProcess, why: string): void {
    if (child !== of) return;
    child = null;
    if (!closed) log.error({ event: 'hashing.ended', why, lost: pending.size }, 'The hashing process ended.');
    for (const id of [...pending.keys()])
      settle(id)?.reject(unavailable(`the hashing process ended: ${why}`));
    of.kill('SIGKILL');
  }

  function start(): ChildProcess {
    startedAt = clock.monotonic();
    const forked = forkEntry(threads);
    forked.on('message', (reply) => {
      started.add(forked);
      receive(reply as HashingReply);
    });
    forked.on('error', (error) => abandon(forked, error.message));
    forked.on('exit', (code, signal) => abandon(forked, signal ?? `exit code ${code ?? 'unknown'}`));
    return forked;
  }

  return {
    run(work) {
      if (closed) return Promise.reject(unavailable('the hashing process is closed'));
      if (child === null && clock.monotonic() - startedAt < restartPause) {
        return Promise.reject(unavailable('the hashing process ended just after its start'));
      }
      const process = (child ??= start());
      const id = ++lastId;
      return new Promise<Answer>((resolve, reject) => {
        const patience = started.has(process) ? deadline : deadline + startPatience;
        const timer = setTimeout(() => abandon(process, `no answer in ${patience} ms`), patience);
        pending.set(id, { resolve, reject, timer });
        process.send({ ...work, id });
      });
    },
    pid: () => child?.pid,
    async close() {
      closed = true;
      const ending = child;
      if (ending === null) return;
      const exited = new Promise((resolve) => ending.once('exit', resolve));
      abandon(ending, 'closed');
      await exited;
    },
  };
}

function forkEntry(threads: number): ChildProcess {
  const source = import.meta.url.endsWith('.ts');
  const entry = new URL(source ? './entry.ts' : './entry.js', import.meta.url);
  const started = fork(fileURLToPath(entry), {
    // Nothing of the server's environment: a process that handles passwords needs none of its secrets.
    env: { UV_THREADPOOL_SIZE: String(threads) },
    execArgv: source ? ['--import', import.meta.resolve('tsx')] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // At once, from outside: threads inherit the niceness that the main thread has when they start.
  if (started.pid !== undefined) setPriority(started.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return started;
}

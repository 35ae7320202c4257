import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { crashLoop, createDeathCount } from './deaths.ts';
import type { Opened, WorkerProcess } from './messages.ts';
import type { WorkerPlace } from '../core/worker-place.ts';

/** Why the workers can't go on; `complaint` is `null` where a worker has said so itself. */
export interface CrewFailure {
  readonly exitCode: number;
  readonly complaint: string | null;
}

export interface CrewNeeds {
  readonly size: number;
  readonly spawn: (place: WorkerPlace) => WorkerProcess;
  /** The exit codes of a process that finds something to mend first, and of a fault of ours. */
  readonly exitCodes: { readonly operator: number; readonly internal: number };
  /** How long a place stays empty when its worker found something to mend first; milliseconds. */
  readonly pause?: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
}

/** The workers of one machine. */
export interface Crew {
  /** Starts the first, and when that is ready the others. Resolves when all are, with what the first one told. */
  start(): Promise<Opened>;
  /** Resolves when it is no use to go on. Nobody is stopped by that. */
  readonly failed: Promise<CrewFailure>;
  /** Lets every worker finish what is in flight. Resolves when all have ended: whether each ended well. */
  stop(signal: string): Promise<boolean>;
  /** Ends every worker at once. */
  kill(): void;
}

interface Member {
  readonly place: WorkerPlace;
  readonly process: WorkerProcess;
  state: 'starting' | 'ready' | 'leaving';
}

const quarterOfAMinute = 15_000;

/** Keeps every place taken: who dies is replaced, until that is a crash loop. */
export function createCrew(needs: CrewNeeds): Crew {
  const { size, spawn, exitCodes, pause = quarterOfAMinute, clock, log } = needs;
  const members = new Map<number, Member>();
  const pauses = new Set<NodeJS.Timeout>();
  const tooManyDeaths = createDeathCount();
  let first: Opened | null = null;
  let complete = false;
  let stopping = false;
  let allWell = true;
  let tellReady: (opened: Opened) => void = () => undefined;
  let tellEmpty: () => void = () => undefined;
  let fail: (failure: CrewFailure) => void = () => undefined;
  const failed = new Promise<CrewFailure>((resolve) => (fail = resolve));

  const fill = (worker: number): void => {
    // While the first was never ready, nobody has seen the link that it gave out.
    const place = { worker, replaces: first !== null && (worker === 1 || complete) };
    const member: Member = { place, process: spawn(place), state: 'starting' };
    members.set(worker, member);
    member.process.onNews((news) => {
      if (news.kind === 'ready') welcome(member, news.opened);
      if (news.kind === 'leaving') member.state = 'leaving';
    });
    member.process.onExit((code, signal) => {
      bury(member, code, signal);
    });
  };

  const welcome = (member: Member, opened: Opened): void => {
    const { worker } = member.place;
    member.state = 'ready';
    log.info({ event: 'worker.ready', worker, pid: member.process.pid }, 'A worker takes requests.');
    if (first === null) {
      first = opened;
      for (let next = 2; next <= size; next += 1) fill(next);
    }
    if (complete || [...members.values()].filter(({ state }) => state === 'ready').length < size) return;
    complete = true;
    tellReady(first);
  };

  const bury = (member: Member, code: number | null, signal: NodeJS.Signals | null): void => {
    const { worker } = member.place;
    members.delete(worker);
    if (stopping) {
      allWell &&= code === 0;
      if (members.size === 0) tellEmpty();
      return;
    }
    const fields = { worker, pid: member.process.pid, code, signal };
    if (member.state === 'leaving') {
      log.info(
        { event: 'worker.left', ...fields },
        'A worker was asked to stop: another one takes its place.',
      );
      fill(worker);
    } else if (member.state === 'starting' && code !== null && code !== 0 && !complete) {
      // It has said what is to be mended; the others would only say it again.
      fail({ exitCode: code, complaint: null });
    } else if (member.state === 'starting' && code === exitCodes.operator) {
      log.error({ event: 'worker.not-started', ...fields }, 'A worker could not start: tried again soon.');
      const timer = setTimeout(() => {
        pauses.delete(timer);
        fill(worker);
      }, pause);
      pauses.add(timer);
    } else {
      log.error({ event: 'worker.died', ...fields }, 'A worker died: another one takes its place.');
      if (tooManyDeaths(clock.monotonic())) {
        fail({
          exitCode: exitCodes.internal,
          complaint: `${crashLoop.deaths} workers died within a minute: the server ends. The log says of what (worker.died).`,
        });
      } else fill(worker);
    }
  };

  return {
    failed,
    start: () =>
      new Promise((resolve) => {
        tellReady = resolve;
        fill(1);
      }),
    stop(signal) {
      stopping = true;
      for (const timer of pauses) clearTimeout(timer);
      const emptied = new Promise<void>((resolve) => (tellEmpty = resolve));
      if (members.size === 0) tellEmpty();
      for (const { process } of members.values()) process.tell({ kind: 'stop', signal });
      return emptied.then(() => allWell);
    },
    kill() {
      for (const { process } of members.values()) process.kill();
    },
  };
}

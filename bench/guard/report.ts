import { median } from '../quantiles.ts';
import { renderTable } from '../render-table.ts';
import { trusted, type Case } from './cases.ts';
import { ratiosOf, timesOf, turns, type MemoryRow, type Round, type Samples } from './samples.ts';

/** A line of the guard's own table. Times are microseconds of the processor for one operation. */
export interface GuardRow {
  readonly case: string;
  readonly guarded: number;
  readonly baseline: number;
  /** The share of the baseline's throughput that is kept: the median over all pairs of all processes. */
  readonly ratio: number;
  /** The lowest and the highest median of a process. */
  readonly spread: readonly [number, number];
  /** The same ratio by the clock. */
  readonly byClock: number;
  /** The baseline against itself. */
  readonly again: number;
  readonly bar: number;
  readonly pairs: number;
}

export interface PeerRow {
  readonly case: string;
  readonly peer: string;
  readonly time: number;
  readonly ratio: number;
  readonly rounds: number;
}

export function guardRow({ name, bar }: Case, processes: readonly Samples[]): GuardRow {
  const byProcess = processes.map(({ rounds }) => rounds[name] ?? []);
  const all = byProcess.flat();
  const medians = byProcess.map((rounds) => median(ratiosOf(turns.subject, rounds)));
  return {
    case: name,
    guarded: median(timesOf(turns.subject, all)),
    baseline: median(timesOf(turns.baseline, all)),
    ratio: median(ratiosOf(turns.subject, all)),
    spread: [Math.min(...medians), Math.max(...medians)],
    byClock: median(ratiosOf(turns.subject, all, 'clock')),
    again: median(ratiosOf(turns.again, all)),
    bar,
    pairs: all.length,
  };
}

export function peerRows({ name }: Case, processes: readonly Samples[]): readonly PeerRow[] {
  const all: readonly Round[] = processes.flatMap(({ rounds }) => rounds[name] ?? []);
  const own: readonly string[] = Object.values(turns);
  const names = new Set(all.flatMap((round) => Object.keys(round)).filter((side) => !own.includes(side)));
  return [...names].map((peer) => ({
    case: name,
    peer,
    time: median(timesOf(peer, all)),
    ratio: median(ratiosOf(peer, all)),
    rounds: timesOf(peer, all).length,
  }));
}

export const isVoid = ({ again }: GuardRow): boolean => !(again >= trusted.least && again <= trusted.most);

/** The guard's own rows, as a Markdown table. */
export const renderGuard = (rows: readonly GuardRow[]): string =>
  renderTable(
    ['what', 'guarded µs', 'against µs', 'ratio', 'spread', 'by the clock', 'A/A', 'bar', 'verdict', 'pairs'],
    rows.map((row) => [
      row.case,
      time(row.guarded),
      time(row.baseline),
      show(row.ratio),
      row.spread.map(show).join('–'),
      show(row.byClock),
      row.again.toFixed(3),
      `≥ ${row.bar.toFixed(2)}`,
      isVoid(row) ? 'void' : row.ratio >= row.bar ? 'met' : `missed by ${show(row.bar - row.ratio)}`,
      whole(row.pairs),
    ]),
  );

/** What each side keeps of the unguarded throughput, with its microseconds, as a Markdown table. */
export function renderPeers(rows: readonly GuardRow[], peers: readonly PeerRow[]): string {
  const names = [...new Set(peers.map(({ peer }) => peer))];
  return renderTable(
    ['what', 'unguarded', 'guarded', ...names],
    rows
      .filter((row) => peers.some((each) => each.case === row.case))
      .map((row) => [
        row.case,
        `1 (${time(row.baseline)})`,
        `${show(row.ratio)} (${time(row.guarded)})`,
        ...names.map((name) => {
          const found = peers.find((each) => each.case === row.case && each.peer === name);
          return found === undefined ? '–' : `${show(found.ratio)} (${time(found.time)})`;
        }),
      ]),
  );
}

/** What tables of permission sets take under each limit, as a Markdown table. */
export const renderMemory = (rows: readonly MemoryRow[]): string =>
  renderTable(
    [
      'permission sets × coordinates',
      'limit MiB',
      'tables say at most MiB',
      'tables kept',
      'process grew by MiB',
    ],
    rows.map((row) => [
      `${whole(row.sets)} × ${whole(row.coordinates)}`,
      whole(row.limit),
      whole(row.most),
      whole(row.kept),
      whole(row.grown),
    ]),
  );

const whole = (number: number): string => Math.round(number).toLocaleString('en');
const time = (microseconds: number): string =>
  microseconds < 100 ? microseconds.toFixed(1) : whole(microseconds);
/** Two digits that count, however slow something is. */
const show = (ratio: number): string => (ratio < 0.095 ? ratio.toPrecision(2) : ratio.toFixed(2));

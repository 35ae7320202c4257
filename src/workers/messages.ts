import type { MetricsReading } from '../telemetry/merge-readings.ts';

/** What a server that has opened can tell to whoever started it. */
export interface Opened {
  /** Where the first administrator is made; `null` where there is one, or the link was given out before. */
  readonly setupUrl: string | null;
  readonly policy: {
    readonly version: string;
    readonly rules: number;
    readonly covered: number;
    readonly total: number;
  };
}

/** What the supervisor tells a worker. */
export type Order =
  { readonly kind: 'stop'; readonly signal: string } | { readonly kind: 'read-metrics'; readonly id: number };

/** What a worker tells its supervisor. `leaving`: it was asked to stop, and not by the supervisor. */
export type News =
  | { readonly kind: 'ready'; readonly opened: Opened }
  | { readonly kind: 'leaving' }
  | { readonly kind: 'metrics'; readonly id: number; readonly reading: MetricsReading };

/** A worker's process, as its supervisor sees it. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  tell(order: Order): void;
  /** Ends it at once. */
  kill(): void;
  onNews(listener: (news: News) => void): void;
  /** Called once, where it could not be started too: with neither code nor signal then. */
  onExit(listener: (code: number | null, signal: NodeJS.Signals | null) => void): void;
}

import type { ErrorCode } from '../core/errors.ts';

/** A request as whoever watches them sees it when it begins. */
export interface RequestStart {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** `traceparent` and `tracestate` (W3C Trace Context), where a trusted proxy gave them. */
  readonly trace: Readonly<Record<string, string>>;
}

export interface RequestEnd {
  /** The template of the route that answered, such as `/login/:name/callback`; `null` where none did. */
  readonly route: string | null;
  readonly status: number;
  /** Whether the client left, or was cut, before the answer was out. */
  readonly cutOff: boolean;
  /** Whether the answer was a stream of events, which lasts for as long as the client likes. */
  readonly stream: boolean;
  /** Why it was refused. */
  readonly refusal: ErrorCode | null;
}

export interface WatchedRequest {
  /** Runs the rest of the request as part of what is watched. */
  run(work: () => Promise<void>): Promise<void>;
  end(end: RequestEnd): void;
}

/** Called once for each request. */
export type ObserveRequest = (start: RequestStart) => WatchedRequest;

export const unobserved: ObserveRequest = () => ({ run: (work) => work(), end: () => undefined });

import type { Log } from '../core/log.ts';

/** What is needed of `process`. */
export interface RejectionSource {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
}

/**
 * Records promises that a foreign strategy rejected and nobody awaited, and stays up: Node would end the process. The
 * attempt itself ends at its deadline, as a failed login. Returns how to stop.
 */
export function recordStrayRejections(log: Log, source: RejectionSource): () => void {
  const record = (reason: unknown): void =>
    log.error({ event: 'rejection.stray', error: reason }, 'A promise was rejected and nobody awaited it.');
  source.on('unhandledRejection', record);
  return () => void source.off('unhandledRejection', record);
}

import type { Log } from '../core/log.ts';

/** What is needed of `process`. */
export interface StrayErrorSource {
  on(event: StrayEvent, listener: (error: unknown) => void): unknown;
  off(event: StrayEvent, listener: (error: unknown) => void): unknown;
}
type StrayEvent = 'unhandledRejection' | 'uncaughtException';

/**
 * The last resort (OWASP ASVS 5.0, 16.5.4): records what a foreign strategy rejects unawaited, or throws from a timer of
 * its own, and stays up, where Node would end the process and every request in it. The attempt itself ends at its
 * deadline, as a failed login. Returns how to stop.
 */
export function recordStrayErrors(log: Log, source: StrayErrorSource): () => void {
  const onRejection = (error: unknown): void =>
    log.error({ event: 'rejection.stray', error }, 'A promise was rejected and nobody awaited it.');
  const onException = (error: unknown): void =>
    log.error({ event: 'exception.stray', error }, 'An error was thrown where nobody could catch it.');
  source.on('unhandledRejection', onRejection);
  source.on('uncaughtException', onException);
  return () => {
    source.off('unhandledRejection', onRejection);
    source.off('uncaughtException', onException);
  };
}

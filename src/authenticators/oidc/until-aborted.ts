import { ProviderUnreachable } from './faults.ts';

/** The work's own result, or ProviderUnreachable once the signal says that nobody waits any longer. */
export async function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const noAnswer = (): Error => new ProviderUnreachable('no answer in time');
  const { promise: aborted, reject } = withRejection();
  const abort = (): void => {
    reject(noAnswer());
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  // Whichever comes second is nobody's business.
  for (const each of [work, aborted]) each.catch(() => undefined);
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function withRejection(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, givenReject) => {
    reject = givenReject;
  });
  return { promise, reject };
}

import { PortcullisError } from '../../core/errors.ts';

/** Somebody else was quicker: nothing was written, and what was decided is decided again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

const mostTries = 10;

/** Runs the work again, some ten times at most, where somebody else was quicker. UNAVAILABLE then. */
export async function settle<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
  throw new PortcullisError('UNAVAILABLE', {
    message: 'Too much changes at once here. Try again in a moment.',
    detail: `overtaken ${mostTries} times`,
  });
}

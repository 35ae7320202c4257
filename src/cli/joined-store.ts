import { OperatorError, PortcullisError } from '../core/errors.ts';
import { openStore } from '../store/open-store.ts';
import type { StoreOptions } from '../store/store-options.ts';
import type { Store } from '../store/store.ts';

/** The store of a server that runs, for a command that stays longer than one question. */
export interface JoinedStore {
  /** Rejects with UNAVAILABLE while there is no server, or it does not answer: ask again. */
  ask<Answer>(question: (store: Store) => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Joins the server's store, and joins it again where it was lost: an embedded database goes with its server, and the next
 * one is another. It is never started here: the server could not start beside it.
 * @throws OperatorError where no server runs on the embedded database, or PostgreSQL can't be reached
 */
export async function joinStore(options: Omit<StoreOptions, 'attach'>): Promise<JoinedStore> {
  const join = (): Promise<Store> => openStore({ ...options, attach: 'only' });
  let joined: Store | null = await join();
  const leave = async (): Promise<void> => {
    const store = joined;
    joined = null;
    await store?.close().catch(() => undefined);
  };
  const joinAgain = async (): Promise<Store> => {
    try {
      return await join();
    } catch (cause) {
      if (!(cause instanceof OperatorError)) throw cause;
      throw new PortcullisError('UNAVAILABLE', { detail: cause.message, cause });
    }
  };
  return {
    async ask(question) {
      const store = (joined ??= await joinAgain());
      try {
        return await question(store);
      } catch (error) {
        const lost = error instanceof PortcullisError && error.code === 'UNAVAILABLE';
        if (lost && store.kind === 'embedded') await leave();
        throw error;
      }
    },
    close: leave,
  };
}

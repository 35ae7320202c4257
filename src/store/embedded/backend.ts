import { PGlite } from '@electric-sql/pglite';

export interface Backend {
  /** Runs whole messages, the last one a Sync or Query, and returns all that the session answered. */
  run(unit: Uint8Array): Uint8Array;
  close(): Promise<void>;
}

/** Opens the database files in the folder, making them at the first time. The folder's lock must be held. */
export async function openBackend(folder: string): Promise<Backend> {
  const database = await PGlite.create(folder);
  return {
    // Raw and synchronous: no parsing on the way, and nothing can come between a unit's messages.
    run: (unit) => database.execProtocolRawSync(unit),
    close: () => database.close(),
  };
}

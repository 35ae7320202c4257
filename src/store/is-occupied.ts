import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findOwner } from './embedded/directory-lock.ts';
import { shortPathTo } from './embedded/short-path.ts';

/** Whether a process has the embedded database of this data directory open now. Makes nothing. */
export async function isOccupied(dataDir: string): Promise<boolean> {
  const runFolder = join(resolve(dataDir), 'run');
  if (!existsSync(runFolder)) return false;
  const { folder, remove } = await shortPathTo(runFolder);
  try {
    return (await findOwner(folder)) !== null;
  } finally {
    await remove();
  }
}

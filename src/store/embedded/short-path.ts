import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket's path may have 104 bytes on macOS and 108 on Linux, its zero included; a name takes 20 of them. */
const maxFolderBytes = 80;

export interface ShortPath {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/**
 * A name for the folder that is short enough for a socket in it. Where the folder's own is too long: a link in a
 * private temporary folder. The sockets themselves always lie in the data directory, so the lock does not depend on
 * two processes having the same temporary folder.
 */
export async function shortPathTo(folder: string): Promise<ShortPath> {
  if (Buffer.byteLength(folder) <= maxFolderBytes) return { folder, remove: () => Promise.resolve() };
  const temporary = await mkdtemp(join(tmpdir(), 'pc-'));
  const link = join(temporary, 's');
  await symlink(folder, link);
  return { folder: link, remove: () => rm(temporary, { recursive: true, force: true }) };
}

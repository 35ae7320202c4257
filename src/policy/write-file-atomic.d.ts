/** The part of write-file-atomic 7 that we use: it brings no types of its own. */
declare module 'write-file-atomic' {
  /** Writes beside, syncs, then renames: a reader finds the old content or the new, never a part of it. */
  export default function writeFileAtomic(
    path: string,
    data: string,
    options: { mode: number },
  ): Promise<void>;
}

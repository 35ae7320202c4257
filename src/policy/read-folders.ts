import { createHash } from 'node:crypto';
import { constants, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from './finding.ts';
import type { PolicyFile } from './loaded-policy.ts';

/** What stands in the policy folders at one moment. */
export interface FolderReading {
  readonly files: readonly PolicyFile[];
  /** What could not be read. Any of them refuses the files as a whole: a missing file may be a missing deny. */
  readonly findings: readonly Finding[];
  /** Changes whenever a file is written, replaced, added or taken away. */
  readonly fingerprint: string;
}

export interface ReadOptions {
  readonly production: boolean;
  /** Two readings this many milliseconds apart must agree: an edit that is half-way done is never taken. */
  readonly settleMs: number;
}

const patience = 40;
const mostBytes = 16 * 1024 * 1024;
/** In any case: `guardrails.CSV` is no policy file and refused as such, never passed over. */
const policyFile = /^(?:model\.conf|[^.#][^/]*\.csv)$/i;

/** Reads until two readings agree; never rejects. Names that editors use for their own files are not looked at. */
export async function readFolders(folders: readonly string[], options: ReadOptions): Promise<FolderReading> {
  let before = await readFoldersOnce(folders, options);
  for (let attempt = 0; attempt < patience; attempt++) {
    await sleep(options.settleMs);
    const after = await readFoldersOnce(folders, options);
    if (after.fingerprint === before.fingerprint) return after;
    before = after;
  }
  const fault = {
    message: 'The files changed each time they were read.',
    remedy: 'Finish the edit; they are read again when it is done.',
  };
  return { ...before, findings: [{ ...fault, code: 'unsettled-files', ...whole(folders.join(', ')) }] };
}

/** One reading, torn where somebody writes meanwhile. */
export async function readFoldersOnce(
  folders: readonly string[],
  { production }: Pick<ReadOptions, 'production'>,
): Promise<FolderReading> {
  const files: PolicyFile[] = [];
  const findings: Finding[] = [];
  const fingerprint = createHash('sha256');
  for (const folder of folders) {
    let names: string[] = [];
    try {
      names = (await readdir(folder)).filter((name) => policyFile.test(name)).sort();
    } catch (error) {
      findings.push(
        findingOf(
          folder,
          'missing-folder',
          error,
          'Bring the folder back, or mend policyFolders (POLICY_DIR).',
        ),
      );
    }
    fingerprint.update(`\n${folder}\n`);
    for (const name of names) {
      if (production && name === 'development.csv') continue;
      try {
        const { bytes, stamp } = await readFile(join(folder, name));
        files.push({ name, text: bytes });
        fingerprint.update(`${name} ${stamp}\n`).update(bytes);
      } catch (error) {
        findings.push(findingOf(name, 'unreadable-file', error, 'Make it a readable file, or take it away.'));
      }
    }
  }
  for (const { file, message } of findings) fingerprint.update(`${file} ${message}\n`);
  return { files, findings, fingerprint: fingerprint.digest('hex') };
}

/** The bytes, and a stamp of which file they are and when it was last written. */
async function readFile(path: string): Promise<{ bytes: Buffer; stamp: string }> {
  // Not blocking: opening a pipe that nobody writes to would wait for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error('It is not a file.');
    if (stat.size > mostBytes) throw new Error(`It has more than ${mostBytes} bytes.`);
    return { bytes: await handle.readFile(), stamp: `${stat.ino} ${stat.mtimeNs} ${stat.size}` };
  } finally {
    await handle.close();
  }
}

const whole = (file: string): Pick<Finding, 'severity' | 'file' | 'line'> => ({
  severity: 'error',
  file,
  line: 0,
});

function findingOf(file: string, code: Finding['code'], error: unknown, remedy: string): Finding {
  const cause = error instanceof Error ? error.message : String(error);
  return { code, ...whole(file), message: `It cannot be read: ${cause.replace(/\.?$/, '.')}`, remedy };
}

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Check } from '../check.ts';
import { good, problem, type Verdict, warning } from '../verdict.ts';

/** A server that runs for a while writes more than this. */
const leastFree = 256 * 1024 * 1024;

export const dataDirectory: Check = {
  name: 'data-directory',
  title: 'Data directory',
  reason: 'It holds the embedded database, the secret of development and the last good policy.',
  needs: ['dataDir'],
  inspect({ settings: { dataDir } }) {
    if (!existsSync(dataDir)) return [inspectMissing(dataDir)];
    const found = statSync(dataDir);
    if (!found.isDirectory()) {
      return [problem(`${dataDir} is not a folder.`, 'Give another one with DATA_DIR.')];
    }
    if (!isWritable(dataDir)) {
      return [
        problem(
          `${dataDir} can't be written.`,
          'Let whoever runs the server own it, or give another one with DATA_DIR.',
        ),
      ];
    }
    const { bavail, bsize } = statfsSync(dataDir);
    const free = bavail * bsize;
    const user = process.getuid?.() ?? found.uid;
    const verdicts: Verdict[] = [
      good(`${dataDir} can be written; ${Math.floor(free / 1024 / 1024)} MiB are free.`),
    ];
    if (found.uid !== user) {
      verdicts.push(
        warning(
          `${dataDir} belongs to user ${found.uid}, and this is user ${user}: what one makes, the other may not read.`,
          'Run the commands as the user who runs the server.',
        ),
      );
    }
    if ((found.mode & 0o077) !== 0) {
      verdicts.push(warning(`${dataDir} is open to others on this machine.`, `chmod 700 ${dataDir}`));
    }
    if (free < leastFree) {
      verdicts.push(
        warning('There is little room left on its disk.', 'Make room: a full disk stops every write.'),
      );
    }
    return verdicts;
  },
};

/** The server makes it, in the nearest folder that there is. */
function inspectMissing(dataDir: string): Verdict {
  let parent = dirname(dataDir);
  while (!existsSync(parent)) parent = dirname(parent);
  return isWritable(parent)
    ? good(`${dataDir} is not there yet: the first start makes it.`)
    : problem(
        `${dataDir} is not there, and can't be made in ${parent}.`,
        'Make it for whoever runs the server, or give another one with DATA_DIR.',
      );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

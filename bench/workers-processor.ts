/** Processor time of processes, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the machine. */
const ticks = 100;

interface Counted {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly seconds: number;
}

function readAll(): readonly Counted[] {
  const found: Counted[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, name = '', rest = ''] =
        /\((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      const fields = rest.split(' ').map(Number);
      const seconds = ((fields[11] ?? 0) + (fields[12] ?? 0)) / ticks;
      found.push({ pid: Number(pid), parent: fields[1] ?? 0, name, seconds });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Seconds that a process and everything below it have used, and those of all processes that are called so. */
export function processorSeconds(pid: number, names: readonly string[]) {
  const all = readAll();
  const below = new Set([pid]);
  for (let size = 0; size !== below.size;) {
    size = below.size;
    for (const each of all) if (below.has(each.parent)) below.add(each.pid);
  }
  const sum = (which: (each: Counted) => boolean): number =>
    all.filter(which).reduce((total, { seconds }) => total + seconds, 0);
  return { tree: sum((each) => below.has(each.pid)), named: sum((each) => names.includes(each.name)) };
}

/** Seconds for which all cores together had nothing to do since the machine was started. */
export function idleSeconds(): number {
  const [, , , , idle = '0', waiting = '0'] =
    readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/ +/) ?? [];
  return (Number(idle) + Number(waiting)) / ticks;
}

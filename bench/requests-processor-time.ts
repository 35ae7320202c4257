/** Between a benchmark and a server that it forked: how much processor time the server has used so far. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const question = 'processor time?';

/** In the server: answers the question from now on, in microseconds of all its threads, and ends with who asks. */
export function tellProcessorTime(): void {
  process.on('message', (message) => {
    const { user, system } = process.cpuUsage();
    if (message === question) process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit());
}

/** In the benchmark: microseconds that the server has used since its start. */
export async function askProcessorTime(server: ChildProcess): Promise<number> {
  server.send(question);
  const [used] = (await once(server, 'message')) as [number];
  return used;
}

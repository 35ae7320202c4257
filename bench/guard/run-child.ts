import { fork } from 'node:child_process';
import type { z } from 'zod';

/** Runs a file of this folder in a process of its own and answers what it tells. Rejects where it fails or tells nothing. */
export function runChild<Told>(
  file: string,
  parameters: readonly (string | number)[],
  schema: z.ZodType<Told>,
): Promise<Told> {
  const child = fork(new URL(file, import.meta.url), parameters.map(String), {
    // As servers run: graphql-js checks more elsewhere, which both sides would pay for.
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: ['--expose-gc', '--import', 'tsx', '--import', new URL('use-built.js', import.meta.url).href],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const parsed = schema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else reject(parsed.error);
      // Told and done: its end is no failure any more.
      child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${file} ended with code ${code} and told nothing.`)));
  });
}

import { fork } from 'node:child_process';
import type { z } from 'zod';

/**
 * Runs a file in a process of its own, on the built server, and answers what it tells. Rejects where it fails or tells nothing.
 *
 * @param flags Of Node, beside what every child needs.
 */
export function runChild<Told>(
  file: URL,
  parameters: readonly (string | number)[],
  schema: z.ZodType<Told>,
  flags: readonly string[] = [],
): Promise<Told> {
  const child = fork(file, parameters.map(String), {
    // As servers run: graphql-js checks more elsewhere, which both sides would pay for.
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: [
      '--expose-gc',
      ...flags,
      '--import',
      'tsx',
      '--import',
      new URL('guard/use-built.js', import.meta.url).href,
    ],
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
    child.on('exit', (code) =>
      reject(new Error(`${file.pathname} ended with code ${code} and told nothing.`)),
    );
  });
}

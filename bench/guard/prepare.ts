import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The server as it is run: measured is what is in dist/, built anew where it is older than src/. */
export function buildServer(): void {
  const build = fileURLToPath(new URL('build-server.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The server could not be built: npm run build');
}

/** The packages that the guard is measured beside, from their own lock file: installed once, into bench/ alone. */
export function installPeers(): void {
  const bench = fileURLToPath(new URL('..', import.meta.url));
  if (!existsSync(`${bench}node_modules`)) {
    const { status } = spawnSync('npm', ['ci', '--prefix', bench], { stdio: 'inherit' });
    if (status !== 0) throw new Error('The peers could not be installed: npm ci --prefix bench');
  }
  if (existsSync(`${bench}node_modules/graphql`))
    throw new Error(
      'There may be one copy of graphql: delete bench/node_modules and install with bench/.npmrc.',
    );
}

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The server as it is run: measured is what is in dist/, built anew where it is older than src/. */
export function buildServer(): void {
  const build = fileURLToPath(new URL('build-server.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The server could not be built: npm run build');
}

/** What Portcullis is measured beside, from its own lock file: installed into bench/ alone, where one of it is not there. */
export function installPeers(): void {
  const bench = fileURLToPath(new URL('..', import.meta.url));
  const wanted = JSON.parse(readFileSync(`${bench}package.json`, 'utf8')) as { dependencies: object };
  if (!Object.keys(wanted.dependencies).every((name) => existsSync(`${bench}node_modules/${name}`))) {
    const { status } = spawnSync('npm', ['ci', '--prefix', bench], { stdio: 'inherit' });
    if (status !== 0) throw new Error('The peers could not be installed: npm ci --prefix bench');
  }
  if (existsSync(`${bench}node_modules/graphql`))
    throw new Error(
      'There may be one copy of graphql: delete bench/node_modules and install with bench/.npmrc.',
    );
}

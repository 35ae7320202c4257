import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseTemporaryFolder } from './temporary-folder.js';

const root = resolve(import.meta.dirname, '..');
const changedAt = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The tests run the command as users do, built: it starts in half the time, and what is published is what is tested. */
export default function buildWhenStale() {
  chooseTemporaryFolder();
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name));
  const newest = Math.max(...[...sources, 'tsconfig.build.json', 'tsconfig.json'].map(changedAt));
  if (newest <= changedAt('dist/cli/main.js')) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const changedAt = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The tests run what users do, built: a command starts in half the time, and what is published is what is tested. */
export function buildWhenStale() {
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name));
  const newest = Math.max(...[...sources, 'tsconfig.build.json', 'tsconfig.json'].map(changedAt));
  if (newest <= changedAt('dist/cli/main.js')) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

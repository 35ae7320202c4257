import { buildDomains } from './domains.ts';
import { buildEffects, effectNames } from './effects.ts';
import { buildPatterns } from './patterns.ts';
import { buildRbac } from './rbac.ts';
import type { World } from './world.ts';

const builders: ReadonlyMap<string, (size: number) => World> = new Map<string, (size: number) => World>([
  ['roles', (size) => buildRbac(size)],
  ['domains', buildDomains],
  ['keyMatch2', buildPatterns],
  ...effectNames.map((name) => [name, (size: number) => buildEffects(name, size)] as const),
]);

export function buildWorld(kind: string, size: number): World {
  const build = builders.get(kind);
  if (build === undefined) throw new Error(`There is no world "${kind}".`);
  return build(size);
}

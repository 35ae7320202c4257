import type { Kind } from './kinds/kind.ts';
import type { Random } from './random.ts';
import type { Words } from './words.ts';

/** The text of a model of some kind; now and then with what casbin's reader skips or joins. */
export function drawModel(kind: Kind, random: Random, words: Words): string {
  const roles = Object.entries(kind.roles ?? {});
  const matcher = kind.matcher(random, words);
  const effect = kind.effect(random, words);
  const odd = random.chance(0.15);
  return [
    ...(odd ? ['# a comment', '; another'] : []),
    '[request_definition]',
    `r = ${Object.keys(kind.request).join(odd ? ',' : ', ')}`,
    '[policy_definition]',
    `p = ${Object.keys(kind.policy).join(', ')}${odd ? ' # columns' : ''}`,
    ...(odd && random.chance(0.5) ? ['p2 = sub, act'] : []),
    ...(roles.length === 0 ? [] : ['[role_definition]']),
    ...roles.map(([name, columns]) => `${name} = ${Array.from({ length: columns }, () => '_').join(', ')}`),
    '[policy_effect]',
    `e = ${odd ? effect.replaceAll('p.eft', 'p_eft') : effect}`,
    '[matchers]',
    `m = ${odd ? matcher.replace(' && ', ' \\\n && ') : matcher}`,
    '',
  ].join('\n');
}

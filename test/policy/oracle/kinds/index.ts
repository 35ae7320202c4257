import { attributeKinds } from './attributes.ts';
import { ourKind } from './default-model.ts';
import { effectKinds } from './effects.ts';
import { expressionKinds } from './expressions.ts';
import { functionKind } from './functions.ts';
import type { Kind } from './kind.ts';
import { patternKinds } from './patterns.ts';
import { rbacKinds } from './rbac.ts';
import { shortKinds } from './short.ts';
import { superuserKinds } from './superuser.ts';

/** Every shape of model that the comparison goes through, in turn. */
export const kinds: readonly Kind[] = [
  ...rbacKinds,
  ...superuserKinds,
  ...patternKinds,
  ...effectKinds,
  ...attributeKinds,
  ...shortKinds,
  functionKind,
  ourKind,
  ...expressionKinds,
];

/** Kinds of which stock casbin may decide every policy; of the others nine in ten are planned. */
export const kindsLeftToStock: ReadonlySet<string> = new Set([
  'names that are alike when joined',
  'priority by subject',
  'rules by eval',
  'attributes alone',
  'in',
  'any expression',
  'any expression and a row',
  'any value',
]);

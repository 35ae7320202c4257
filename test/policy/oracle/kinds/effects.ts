import { effect, priority, usualPolicy, usualRequest } from './columns.ts';
import { effects, type Kind, oneOf } from './kind.ts';

const matcher = oneOf(
  'g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act',
  'g(r.sub, p.sub) && r.obj == p.obj && (p.act == "*" || r.act == p.act)',
  'r.sub == p.sub && r.obj == p.obj && r.act == p.act',
);
const request = usualRequest;
const policy = { ...usualPolicy, eft: effect };
const roles = { g: 2 } as const;

export const effectKinds: readonly Kind[] = [
  { name: 'deny override', request, policy, roles, matcher, effect: () => effects.deny },
  { name: 'allow and deny', request, policy, roles, matcher, effect: () => effects.both },
  { name: 'allow with an effect column', request, policy, roles, matcher, effect: () => effects.allow },
  {
    name: 'effect column in front',
    request,
    policy: { eft: effect, ...usualPolicy },
    roles,
    matcher,
    effect: oneOf(effects.both, effects.priority),
  },
  { name: 'priority by order', request, policy, roles, matcher, effect: () => effects.priority },
  {
    name: 'priority by column',
    request,
    policy: { priority, ...policy },
    roles,
    matcher,
    effect: oneOf(effects.priority, effects.priority, effects.both),
  },
  { name: 'priority by subject', request, policy, roles, matcher, effect: () => effects.subjectPriority },
];

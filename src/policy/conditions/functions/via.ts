import { notLike, type ConditionFunction } from './condition-function.ts';

const pattern = /^[a-z][a-z0-9_-]{0,31}$/;

/** RFC 8176, section 2: the registered values. */
const registered = new Set(
  'face fpt geo hwk iris kba mca mfa otp pin pwd rba retina sc sms swk tel user vbm wia'.split(' '),
);

export const isRegisteredMethod = (method: string): boolean => registered.has(method);

export const via: ConditionFunction = {
  name: 'via',
  parameters: 'method (a value of RFC 8176: pwd, otp, hwk …)',
  answers:
    'Whether that method was used to prove the principal. Never for anonymous. The name of an authenticator is r.ctx.principal.authentication.authenticator.',
  example: "via(r.ctx, 'otp')",
  stepUp: true,
  inputs: ['login'],
  fails: false,
  compile([method, ...more], scribe) {
    const wanted = method?.literal;
    if (typeof wanted !== 'string' || !pattern.test(wanted) || more.length > 0) throw notLike(via);
    scribe.methods.add(wanted);
    return ({ principal, environment, optimistic }) =>
      (principal.kind === 'user' && principal.authentication.amr.includes(wanted)) ||
      (optimistic && environment.provable.amr.includes(wanted));
  },
};

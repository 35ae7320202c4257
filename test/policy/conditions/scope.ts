import { parseUsername } from '../../../src/core/names.ts';
import { anonymous, type UserPrincipal } from '../../../src/core/principal.ts';
import { compileCondition } from '../../../src/policy/conditions/compile-condition.ts';
import { ConditionFailed } from '../../../src/policy/conditions/condition-failed.ts';
import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';
import { declarations } from '../files/sample.ts';

export const now = Date.UTC(2026, 10, 20, 12);

const username = parseUsername('ann');
if (username === null) throw new Error('ann is a username');

export const ann: UserPrincipal = {
  kind: 'user',
  subject: `user:${username}`,
  id: 'id-ann',
  username,
  groups: ['group:support'],
  attributes: { department: 'sales', level: 3, staff: true, teams: ['red', 'blue'] },
  authentication: { authenticator: 'password', amr: ['pwd'], aal: 1, authTime: now - 10 * 60_000 },
};

const scope: ConditionScope = {
  principal: ann,
  subjects: new Set(['user:ann', 'group:support', 'group:staff', 'authenticated', 'everyone']),
  environment: { now, address: '10.1.2.3', provable: { amr: ['pwd', 'otp'], aal: 2 } },
  args: { id: 'n1', count: 2, nothing: null, input: { title: 'x' } },
  object: {
    owner: 'id-ann',
    shared: true,
    groups: ['group:staff'],
    size: 7,
    mixed: ['a', 1],
    deletedAt: null,
  },
  optimistic: false,
};

export const asAnonymous: Partial<ConditionScope> = {
  principal: anonymous,
  subjects: new Set(['anonymous', 'everyone']),
};

/** What a condition answers for ann, in a scope with some parts changed. */
export function answer(source: string, changes: Partial<ConditionScope> = {}): boolean | 'failed' {
  const unit = compileCondition(source, declarations);
  if ('code' in unit) throw new Error(`${source} is refused: ${unit.message}`);
  try {
    return unit.condition.evaluate({ ...scope, ...changes });
  } catch (error) {
    if (error instanceof ConditionFailed) return 'failed';
    throw error;
  }
}

/** The code with which a condition is refused; `null` where it is accepted. */
export function refusalOf(source: string): string | null {
  const unit = compileCondition(source, declarations);
  return 'code' in unit ? unit.code : null;
}

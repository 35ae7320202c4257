import { describe, expect, test } from '@jest/globals';
import { conditionFunctions } from '../../../src/policy/conditions/functions/registry.ts';
import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';
import { answer, ann, asAnonymous, now, refusalOf } from './scope.ts';

const provedAgo = (milliseconds: number): Partial<ConditionScope> => ({
  principal: { ...ann, authentication: { ...ann.authentication, authTime: now - milliseconds } },
});
const from = (address: string | null): Partial<ConditionScope> => ({
  environment: { now, address, provable: { amr: ['pwd', 'otp'], aal: 2 } },
});
const optimistic: Partial<ConditionScope> = { optimistic: true };

describe('the registry', () => {
  test.each([...conditionFunctions.values()])(
    '$name documents itself, and its example is accepted',
    ({ name, answers, example, stepUp }) => {
      expect(answers).toMatch(/^Whether .+\.$/s);
      expect(example.startsWith(`${name}(r.ctx`)).toBe(true);
      expect(refusalOf(example)).toBe(null);
      expect(stepUp).toBe(['fresh', 'aal', 'via'].includes(name));
    },
  );
});

describe('self', () => {
  test('the owner is, others and anonymous are not', () => {
    expect(answer('self(r.ctx)')).toBe(true);
    expect(answer('self(r.ctx)', { object: { owner: 'id-bob' } })).toBe(false);
    expect(answer('self(r.ctx)', asAnonymous)).toBe(false);
  });
  test('it fails without an object or an owner: a deny rule with it denies', () => {
    for (const object of [null, {}, { owner: null }, { owner: undefined }, { owner: ['id-ann'] }]) {
      expect(answer('self(r.ctx)', { object })).toBe('failed');
      expect(answer('!self(r.ctx)', { object })).toBe('failed');
    }
  });
});

describe('fresh', () => {
  test('a login counts up to the end of the time, and not from the future', () => {
    expect(answer("fresh(r.ctx, '5m')", provedAgo(5 * 60_000))).toBe(true);
    expect(answer("fresh(r.ctx, '5m')", provedAgo(5 * 60_000 + 1))).toBe(false);
    expect(answer("fresh(r.ctx, '30s')", provedAgo(29_000))).toBe(true);
    expect(answer("fresh(r.ctx, '1h')", provedAgo(3_600_000))).toBe(true);
    expect(answer("fresh(r.ctx, '7d')", provedAgo(7 * 86_400_000 + 1))).toBe(false);
    expect(answer("fresh(r.ctx, '5m')", provedAgo(-30_000))).toBe(true);
    expect(answer("fresh(r.ctx, '5m')", provedAgo(-3_600_000))).toBe(false);
    expect(answer("fresh(r.ctx, '5m')", asAnonymous)).toBe(false);
    expect(answer("fresh(r.ctx, '5m')", { ...provedAgo(86_400_000), ...optimistic })).toBe(true);
  });
  test.each([
    "''",
    "'5'",
    "'m'",
    "'0m'",
    "'-5m'",
    "'5 m'",
    "'5M'",
    "'5m '",
    "'1.5h'",
    "'1e3s'",
    "'5m5s'",
    '5',
    'null',
    'r.ctx.args.id',
    "'5m', '6m'",
  ])('the duration %s is refused', (duration) => {
    expect(refusalOf(`fresh(r.ctx, ${duration})`)).toBe('condition-argument');
  });
});

describe('aal', () => {
  test('a level counts for itself and those below, anonymous is at none', () => {
    expect(answer('aal(r.ctx, 1)')).toBe(true);
    expect(answer('aal(r.ctx, 2)')).toBe(false);
    expect(answer('aal(r.ctx, 1)', asAnonymous)).toBe(false);
  });
  test('optimistically it answers what a new login could prove, and no more', () => {
    expect(answer('aal(r.ctx, 2)', optimistic)).toBe(true);
    expect(answer('aal(r.ctx, 3)', optimistic)).toBe(false);
  });
  test.each(['0', '4', '1.5', "'2'", 'null', '1, 2', 'r.ctx.args.count'])(
    'the level %s is refused',
    (level) => {
      expect(refusalOf(`aal(r.ctx, ${level})`)).toBe('condition-argument');
    },
  );
});

describe('via', () => {
  test('a method that was used counts; optimistically, one that could be', () => {
    expect(answer("via(r.ctx, 'pwd')")).toBe(true);
    expect(answer("via(r.ctx, 'otp')")).toBe(false);
    expect(answer("via(r.ctx, 'otp')", optimistic)).toBe(true);
    expect(answer("via(r.ctx, 'hwk')", optimistic)).toBe(false);
    expect(answer("via(r.ctx, 'pwd')", asAnonymous)).toBe(false);
  });
  test.each(["''", "'PWD'", "'a b'", '1', "'pwd', 'otp'"])('the method %s is refused', (method) => {
    expect(refusalOf(`via(r.ctx, ${method})`)).toBe('condition-argument');
  });
});

describe('in_network', () => {
  test('a network of IPv4 written as IPv6 is refused: no client is in it, and a deny of it would deny nobody', () => {
    expect(refusalOf("in_network(r.ctx, '::ffff:10.0.0.0/104')")).toBe('condition-argument');
    expect(refusalOf("in_network(r.ctx, '::ffff:0:0/96')")).toBe('condition-argument');
    expect(refusalOf("in_network(r.ctx, '::/0', '2001:db8::/32')")).toBe(null);
  });
  test.each([
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['11.1.2.3', false],
    ['2001:db8::5', true],
    ['2001:db9::5', false],
    ['::1', false],
    ['fe80::1%eth0', false],
    [null, 'failed'],
    ['', 'failed'],
    ['unknown', 'failed'],
    ['10.1.2.3, 1.1.1.1', 'failed'],
    ['012.1.2.3', 'failed'],
  ])('an address of %s is %s', (address, wanted) => {
    expect(answer("in_network(r.ctx, '10.0.0.0/8', '2001:db8::/32')", from(address))).toBe(wanted);
  });
  test.each([
    "'10.0.0.0'",
    "'10.0.0.0/33'",
    "'10.0.0.0/08'",
    "'10.0.0.0/-1'",
    "'10.0.0.0/8/8'",
    "'10.0.0/8'",
    "'010.0.0.0/8'",
    "'10.0.0.1/8'",
    "'2001:db8::1/32'",
    "'::/129'",
    "'x/8'",
    "'fe80::%1/10'",
    '10',
    'r.ctx.address',
    "['10.0.0.0/8']",
  ])('the network %s is refused', (network) => {
    expect(refusalOf(`in_network(r.ctx, ${network})`)).toBe('condition-argument');
  });
});

describe('has_attribute', () => {
  test('a value that is held counts, in a list too; what is not set is not held', () => {
    expect(answer("has_attribute(r.ctx, 'department', 'sales')")).toBe(true);
    expect(answer("has_attribute(r.ctx, 'department', 'law')")).toBe(false);
    expect(answer("has_attribute(r.ctx, 'teams', 'blue')")).toBe(true);
    expect(answer("has_attribute(r.ctx, 'level', 3)")).toBe(true);
    expect(answer("has_attribute(r.ctx, 'staff', true)")).toBe(true);
    expect(
      answer("has_attribute(r.ctx, 'department', 'sales')", { principal: { ...ann, attributes: {} } }),
    ).toBe(false);
    expect(answer("has_attribute(r.ctx, 'department', 'sales')", asAnonymous)).toBe(false);
  });
  test.each([
    ["'dept', 'x'", 'condition-argument'],
    ["'constructor', 'x'", 'condition-argument'],
    ["'department', 1", 'condition-types'],
    ["'department', null", 'condition-argument'],
    ["'department', ['sales']", 'condition-argument'],
    ["'department'", 'condition-argument'],
    ["r.ctx.args.id, 'x'", 'condition-argument'],
  ])('%s is refused', (parameters, code) => {
    expect(refusalOf(`has_attribute(r.ctx, ${parameters})`)).toBe(code);
  });
});

describe('in_group', () => {
  test('a group counts directly and through others, and so does one of a list of the object', () => {
    expect(answer("in_group(r.ctx, 'group:support')")).toBe(true);
    expect(answer("in_group(r.ctx, 'group:staff')")).toBe(true);
    expect(answer("in_group(r.ctx, ['group:x', 'group:staff'])")).toBe(true);
    expect(answer("in_group(r.ctx, 'group:x')")).toBe(false);
    expect(answer('in_group(r.ctx, r.ctx.object.groups)')).toBe(true);
    expect(answer('in_group(r.ctx, r.ctx.object.groups)', { object: { groups: [] } })).toBe(false);
    expect(answer('in_group(r.ctx, r.ctx.object.groups)', asAnonymous)).toBe(false);
  });
  test('a fact that is not made of groups fails: no user name or built-in subject passes for one', () => {
    for (const groups of [
      'user:ann',
      'everyone',
      'support',
      ['group:staff', 'everyone'],
      7,
      null,
      {},
      [['group:staff']],
    ]) {
      expect(answer('in_group(r.ctx, r.ctx.object.groups)', { object: { groups } })).toBe('failed');
    }
  });
  test.each(["'support'", "'user:ann'", "['group:a', 'b']", "'group:A'", '1', 'null', 'r.ctx.now', ''])(
    '%s is refused',
    (groups) => {
      expect(refusalOf(`in_group(r.ctx${groups === '' ? '' : `, ${groups}`})`)).toBe('condition-argument');
    },
  );
});

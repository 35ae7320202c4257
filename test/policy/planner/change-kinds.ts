import fc from 'fast-check';
import { allowAndDeny, domains, modelOf, noDeny, paths, rbac } from './models.ts';

export interface ChangeKind {
  readonly name: string;
  readonly model: string;
  readonly row: fc.Arbitrary<readonly string[]>;
  readonly requests: readonly (readonly string[])[];
}

const few = ['ann', 'bob', '__proto__', 'constructor', '123', '-0', ''];
/** Enough of them for numbers beyond the 64 bits of a closure. */
const many = [...few, ...Array.from({ length: 90 }, (_, number) => `n${number}`)];
const from = (names: readonly string[]) => fc.constantFrom(...names);
const name = fc.oneof({ weight: 3, arbitrary: from(few) }, { weight: 1, arbitrary: from(many) });
const actions = ['read', 'write'];
const objects = ['x', 'y'];
const patterns = ['/a', '/a/*', '/a/:id', '/:id/b', '*', '/a/(b|c)', '/a.b/:id'];
const texts = ['/a', '/a/b', '/c/b', '/a/b/c', '/axb/1'];

const cross = (...lists: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  lists.reduce<readonly (readonly string[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  );

const p = (...columns: readonly fc.Arbitrary<string>[]) => fc.tuple(fc.constant('p'), ...columns);
const g = (...columns: readonly fc.Arbitrary<string>[]) => fc.tuple(fc.constant('g'), ...columns);
const asked = ['ann', 'bob', '__proto__', '123', '', 'n5', 'n80', 'nobody'];
const effect = from(['allow', 'deny', 'deny', 'other']);
const withEffect = { policy: 'sub, obj, act, eft' };

const simple = fc.oneof(p(name, from(objects), from(actions)), g(name, name));
const effective = fc.oneof(p(name, from(objects), from(actions), effect), g(name, name));
const requests = cross(asked, objects, actions);

export const changeKinds: readonly ChangeKind[] = [
  { name: 'roles', model: rbac, row: simple, requests },
  {
    name: 'domains',
    model: domains,
    row: fc.oneof(
      p(name, from(['d1', 'd2']), from(objects), from(actions)),
      g(name, name, from(['d1', 'd2', '__proto__'])),
    ),
    requests: cross(asked, ['d1', 'd2', '__proto__'], objects, actions),
  },
  {
    name: 'patterns',
    model: paths,
    row: fc.oneof(p(name, from(patterns), from(actions)), g(name, name)),
    requests: cross(asked, texts, actions),
  },
  {
    name: 'allow and deny',
    model: modelOf('g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act', {
      ...withEffect,
      effect: allowAndDeny,
    }),
    row: effective,
    requests,
  },
  {
    name: 'deny alone, and rows too short',
    model: modelOf('g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act', { ...withEffect, effect: noDeny }),
    row: fc.oneof(effective, p(name, from(objects)), p(name, from(objects), from(actions))),
    requests,
  },
  {
    name: 'gates, and several ways to match',
    model: modelOf(
      '(r.act == "read" && g(r.sub, p.sub) && r.obj == p.obj) || (p.sub == "ann" && r.sub != p.obj && p.act == r.act)',
    ),
    row: simple,
    requests,
  },
  {
    name: 'no index',
    model: modelOf('!g(r.sub, p.sub) && r.obj != p.obj'),
    row: simple,
    requests,
  },
  { name: 'no column at all', model: modelOf('g(r.sub, "ann")'), row: simple, requests },
];

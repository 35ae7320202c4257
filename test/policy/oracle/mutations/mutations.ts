import type { FunctionMap } from 'casbin';
import type { Mutation } from './stand-in.ts';

/** Mistakes that a planner could make, each on purpose. */
export const mutations: readonly Mutation[] = [
  { name: 'forgets the rows that deny', lines: (lines) => lines.filter((line) => !/\bdeny\b/u.test(line)) },
  {
    name: 'follows a chain of eleven roles',
    opened: (stock) => {
      for (const name of stock.getModel().model.get('g')?.keys() ?? [])
        Reflect.set(stock.getNamedRoleManager(name)!, 'maxHierarchyLevel', 11);
    },
  },
  { name: 'drops the last row', lines: (lines) => lines.slice(0, -1) },
  {
    name: 'takes keyMatch for equality',
    opened: (stock) => {
      const functions = (Reflect.get(stock, 'fm') as FunctionMap).getFunctions() as Map<string, unknown>;
      functions.set('keyMatch', (value: unknown, pattern: unknown) => value === pattern);
    },
  },
  {
    name: 'allows whom it does not know',
    answer: (answer, [first], text) => answer || (typeof first === 'string' && !text.includes(first)),
  },
  { name: 'allows where stock casbin throws', thrown: true },
  { name: 'takes a request of too few values', thrown: false },
];

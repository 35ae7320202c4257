import { expect, test } from '@jest/globals';
import type { Decisions } from '../../../src/policy/decision.ts';
import { ask, decisionsBy, userCalled } from '../asking.ts';
import { Library, library } from '../library.ts';

const schema = library();

/** Titles are denied: of Ann's books until she proves herself again, of Bob's for good. */
const decisions: Decisions = {
  ...decisionsBy({ principal: userCalled('ann'), decide: (coordinate) => coordinate !== 'Book.title' }),
  remedyFor: (_, { object }) =>
    object?.['owner'] === 'ann' ? { kind: 'step-up', calls: ["fresh(r.ctx, '5m')"] } : { kind: 'none' },
};

test.each([
  ['one that a login would open first', ['ann', 'bob', 'ann']],
  ['one that nothing opens first', ['bob', 'ann', 'ann']],
])('each row of a list is told its own remedy, whatever the row before was told: %s', async (_, owners) => {
  const services = new Library(0);
  services.books.push(
    ...owners.map((owner, id) => ({ kind: 'Book' as const, id: String(id), title: 'title', owner })),
  );
  const { errors = [] } = await ask(schema, '{ books { title } }', { decisions, services });
  const told = new Map(errors.map(({ extensions }) => [extensions['code'], extensions]));
  expect(told.size).toBe(2);
  expect(told.get('STEP_UP_REQUIRED')).toMatchObject({ count: 2, stepUp: ["fresh(r.ctx, '5m')"] });
  expect(told.get('FORBIDDEN')).toMatchObject({ count: 1 });
});

test('rows that one decision denies are asked about once', async () => {
  let asked = 0;
  const decision = decisions.decide('Book.title', { args: {}, object: null });
  const counting: Decisions = {
    ...decisions,
    decide(coordinate, context) {
      return coordinate === 'Book.title' ? decision : decisions.decide(coordinate, context);
    },
    remedyFor: () => {
      asked += 1;
      return { kind: 'none' };
    },
  };
  const { errors } = await ask(schema, '{ books { title } }', {
    decisions: counting,
    services: new Library(500),
  });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(asked).toBe(1);
});

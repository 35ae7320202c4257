import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { gather } from '../../src/core/gather.ts';

const limits = { most: 10, atOnce: 1, patience: 10_000 };

/** Answers when it is told to, and tells what it was asked. */
function slowly() {
  const questions: { readonly keys: readonly number[]; answer(): void; fail(): void }[] = [];
  const ask = (keys: readonly number[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      questions.push({
        keys: [...keys],
        answer: () => {
          resolve(keys.map((key) => `answer ${key}`));
        },
        fail: () => {
          reject(new Error('no answer'));
        },
      });
    });
  return { ask, questions };
}

test('those who ask in one turn are asked for at once, each gets their own answer', async () => {
  const { ask, questions } = slowly();
  const find = gather(ask, limits);
  const answers = Promise.all([1, 2, 1].map((key) => find(key)));
  await sleep(5);
  expect(questions.map(({ keys }) => keys)).toEqual([[1, 2, 1]]);
  questions[0]?.answer();
  expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 1']);
});

test('whoever comes while a question is on its way is part of the next, never of that one', async () => {
  const { ask, questions } = slowly();
  const find = gather(ask, limits);
  const first = find(1);
  await sleep(5);
  const later = Promise.all([find(1), find(2)]);
  await sleep(5);
  const last = find(3);
  await sleep(5);
  expect(questions).toHaveLength(1);
  questions[0]?.answer();
  expect(await first).toBe('answer 1');
  await sleep(5);
  expect(questions.map(({ keys }) => keys)).toEqual([[1], [1, 2, 3]]);
  questions[1]?.answer();
  expect([...(await later), await last]).toEqual(['answer 1', 'answer 2', 'answer 3']);
});

test('nothing is remembered', async () => {
  let asked = 0;
  const find = gather((keys: readonly number[]) => Promise.resolve(keys.map(() => (asked += 1))), limits);
  expect([await find(7), await find(7)]).toEqual([1, 2]);
});

test('a question has at most so many keys', async () => {
  const sizes: number[] = [];
  const find = gather(
    (keys: readonly number[]) => {
      sizes.push(keys.length);
      return Promise.resolve(keys);
    },
    { ...limits, most: 4 },
  );
  const keys = Array.from({ length: 10 }, (_, index) => index);
  expect(await Promise.all(keys.map((key) => find(key)))).toEqual(keys);
  expect(sizes).toEqual([4, 4, 2]);
});

test('a question that hangs holds up the next no longer than patience', async () => {
  const { ask, questions } = slowly();
  const find = gather(ask, { ...limits, patience: 20 });
  const hanging = find(1);
  await sleep(5);
  const next = find(2);
  await sleep(60);
  expect(questions.map(({ keys }) => keys)).toEqual([[1], [2]]);
  questions[1]?.answer();
  expect(await next).toBe('answer 2');
  questions[0]?.answer();
  expect(await hanging).toBe('answer 1');
});

test('a question that fails, fails for those whom it was for, and the next is asked', async () => {
  const { ask, questions } = slowly();
  const find = gather(ask, limits);
  const failing = [find(1), find(2)];
  const failures = Promise.allSettled(failing);
  await sleep(5);
  const next = find(3);
  questions[0]?.fail();
  expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await sleep(5);
  questions[1]?.answer();
  expect(await next).toBe('answer 3');
});

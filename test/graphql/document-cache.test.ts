import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDocumentCache } from '../../src/graphql/document-cache.ts';

const limits = { documents: 10, length: 20, total: 60 };
const flood = (count: number) => Array.from({ length: count }, (_, index) => `{ flood${index} }`);

describe('a cache of documents', () => {
  test('gives back what it was given', () => {
    const cache = createDocumentCache<number>(limits);
    cache.set('{ a }', 1);
    expect([cache.get('{ a }'), cache.get('{ a }'), cache.get('{ b }')]).toEqual([1, 1, undefined]);
  });

  test('keeps no document that is too long', () => {
    const cache = createDocumentCache<number>(limits);
    cache.set('x'.repeat(20), 1);
    cache.set('x'.repeat(21), 2);
    expect([cache.get('x'.repeat(20)), cache.get('x'.repeat(21))]).toEqual([1, undefined]);
  });

  test('never holds more documents or characters than it may, whatever is asked', () => {
    const step = fc.record({
      get: fc.boolean(),
      text: fc.nat(40).map((index) => String.fromCharCode(97 + index).repeat((index % 23) + 1)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const held = new Map<string, object>();
        const cache = createDocumentCache<object>(limits);
        for (const { get, text } of steps) {
          if (get) {
            const value = cache.get(text);
            if (value !== undefined) expect(value).toBe(held.get(text));
          } else if (cache.get(text) === undefined) {
            held.set(text, {});
            cache.set(text, held.get(text)!);
          }
        }
        const kept = [...held.keys()].filter((text) => cache.get(text) !== undefined);
        expect(kept.length).toBeLessThanOrEqual(limits.documents);
        expect(kept.join('').length).toBeLessThanOrEqual(limits.total);
      }),
    );
  });

  test('keeps the usual documents through a flood of others', () => {
    const cache = createDocumentCache<string>({ documents: 10, length: 100, total: 1_000 });
    const usual = ['{ a }', '{ b }', '{ c }'];
    for (const text of usual) {
      cache.set(text, text);
      cache.get(text);
    }
    for (const text of flood(10_000)) if (cache.get(text) === undefined) cache.set(text, text);
    expect(usual.map((text) => cache.get(text))).toEqual(usual);
  });

  test('forgets first what was not used for longest', () => {
    const cache = createDocumentCache<number>({ documents: 4, length: 100, total: 1_000 });
    for (const [index, text] of ['{ a }', '{ b }', '{ c }'].entries()) {
      cache.set(text, index);
      if (index === 0) cache.get(text);
    }
    cache.set('{ d }', 3);
    expect(['{ a }', '{ b }', '{ c }', '{ d }'].map((text) => cache.get(text))).toEqual([0, undefined, 2, 3]);
  });
});

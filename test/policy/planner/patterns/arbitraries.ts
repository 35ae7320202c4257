import fc from 'fast-check';

const oftenInPaths = [
  '/',
  '/a',
  '/b',
  '/id',
  '/:id',
  '/:x',
  '/{id}',
  '/{x}',
  '/*',
  '/:a:b',
  'a',
  '.',
  ':',
  '*',
  '?q=1',
];
const live = [
  '+',
  '(',
  ')',
  '[',
  ']',
  '|',
  '?',
  '$',
  '^',
  '\\',
  '{',
  '}',
  '(.*)',
  '[^/]+',
  '\\d',
  '\\/',
  '{1,2}',
];
const ofGlobs = [
  '**',
  '/**',
  '/**/',
  '!',
  '@(a|b)',
  '+(a)',
  '{a,b}',
  '{1..3}',
  '#',
  ',',
  '..',
  '/../',
  '*.b',
  '[a-z]',
];
const odd = ['\n', '\r', '\u2028', '\ud800', '\udc00', 'é', '__proto__', 'constructor', '//', '-', ' '];

const join = (parts: readonly string[]): string => parts.join('');

/** Mostly what people write. */
const path = fc.array(fc.constantFrom(...oftenInPaths), { maxLength: 7 }).map(join);
/** Everything that some language reads as more than itself. */
const wild = fc
  .array(fc.constantFrom(...oftenInPaths, ...live, ...ofGlobs, ...odd), { maxLength: 9 })
  .map(join);
export const patterns = fc.oneof(
  path,
  path.map((each) => `^${each}$`),
  wild,
);

const words = [
  'a',
  'b',
  'id',
  'x',
  '',
  'a.b',
  '.a',
  '..',
  'a\nb',
  '\u2028',
  'q?x=/y',
  '__proto__',
  '\ud800',
  '1',
];
const value = fc.constantFrom(...words, 'a/b', '/');
const free = fc.array(fc.constantFrom(...words, '/', '/', '/'), { maxLength: 10 }).map(join);

/** A pattern, and texts of which many are the pattern with values in place of its names and stars. */
export const patternWithTexts = patterns.chain((pattern) =>
  fc.tuple(fc.constant(pattern), fc.array(fc.oneof(free, like(pattern)), { minLength: 1, maxLength: 4 })),
);

export const patternsWithTexts = fc
  .array(patterns, { maxLength: 12 })
  .chain((many) =>
    fc.tuple(fc.constant(many), fc.array(fc.oneof(free, ...many.map(like)), { minLength: 1, maxLength: 4 })),
  );

function like(pattern: string): fc.Arbitrary<string> {
  const parts = pattern.replace(/^\^|\$$/g, '').split(/(:\w+|\{\w+\}|\*+)/);
  return fc.tuple(...parts.map((part, place) => (place % 2 === 0 ? fc.constant(part) : value))).map(join);
}

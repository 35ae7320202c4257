import { expect, test } from '@jest/globals';
import { createRenderText } from '../../src/logging/render-text.ts';

const known = 'correct-horse';
const texts: readonly (readonly [string, string])[] = [
  ['event', 'event'],
  ['POST /graphql 200', 'POST /graphql 200'],
  [`with ${known} in it`, 'with [secret] in it'],
  ['Bearer abcdefghijkl', 'Bearer [secret]'],
  ['a\nb', 'a\\nb'],
  ['x'.repeat(200), 'x'.repeat(200)],
];

test('a text is rendered alike however often it comes, and whatever came between', () => {
  const renderText = createRenderText([known]);
  for (let round = 0; round < 3; round += 1) {
    for (const [text, rendered] of texts) expect(renderText(text)).toBe(rendered);
    for (let index = 0; index < 2_500; index += 1) {
      expect(renderText(`request ${round} ${index}`)).toBe(`request ${round} ${index}`);
      expect(renderText(`${index} ${known}`)).toBe(`${index} [secret]`);
    }
  }
});

import { expect, test } from '@jest/globals';
import { renderVisible } from '../../src/core/visible-text.ts';

test.each([
  ['a line that would end', 'ann\r\nlogin.succeeded user:root', 'ann\\r\\nlogin.succeeded user:root'],
  [
    'a colour, and a title of the terminal',
    '\u001b[31mred\u001b]0;title\u0007',
    '\\u001b[31mred\\u001b]0;title\\u0007',
  ],
  ['a control sequence of one character', '\u009b2J', '\\u009b2J'],
  ['a backspace, a delete and a nothing', 'a\b\u007f\0', 'a\\u0008\\u007f\\u0000'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['text that is turned around', 'user:\u202enna\u2066', 'user:\\u202enna\\u2066'],
  ['halves of characters', '\ud83d and \udc00', '\\ud83d and \\udc00'],
])('%s is shown, and does not act', (_, text, shown) => {
  expect(renderVisible(text)).toBe(shown);
  expect(renderVisible(shown)).toBe(shown);
});

test.each(['', 'Ann', 'Žofie 日本 🙂', 'a\\b "c" {d}'])('%j stays as it is', (text) => {
  expect(renderVisible(text)).toBe(text);
});

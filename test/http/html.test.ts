import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { html, trusted } from '../../src/http/pages/html.ts';

describe('the page template', () => {
  test('a value never becomes markup, in text or in an attribute', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '=', ' ', '`') }),
        (value) => {
          const text = html`<p title="${value}">${value}</p>`.toString();
          expect(text.match(/[<>]/g)).toHaveLength(4);
          expect(text.match(/"/g)).toHaveLength(2);
          expect(text).not.toContain("'");
        },
      ),
    );
  });

  test('templates nest, lists are joined, nothing stays nothing', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    const list = html`<ul>
      ${items}${null}${false}${trusted('<hr>')}${7}
    </ul>`.toString();
    expect(list.replace(/\s+/g, '')).toBe('<ul><li>a</li><li>&lt;b&gt;</li><hr>7</ul>');
  });
});

import { renderVisible } from '../../core/visible-text.ts';

const longest = 200;

/** A name as somebody elsewhere has it: on one line, nothing in it that acts, cut at 200 characters. */
export const renderForeignText = (text: string): string =>
  Array.from(renderVisible(text.slice(0, 4 * longest).trim()))
    .slice(0, longest)
    .join('');

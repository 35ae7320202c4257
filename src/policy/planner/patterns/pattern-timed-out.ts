import type { PatternLanguage } from './pattern-language.ts';
import { shorten } from './shorten.ts';

/** A match that was given up: there is no answer, neither true nor false. */
export class PatternTimedOut extends Error {
  override readonly name = 'PatternTimedOut';
  readonly language: PatternLanguage;
  /** `null` where many patterns were looked through at once. */
  readonly pattern: string | null;

  constructor(language: PatternLanguage, pattern: string | null, text: string) {
    const what = pattern === null ? 'patterns' : `the pattern ${shorten(pattern)}`;
    super(`${language} gave up on ${what} over a text of ${text.length} characters.`);
    this.language = language;
    this.pattern = pattern;
  }
}

import type { PatternLanguage } from './pattern-language.ts';
import { shorten } from './shorten.ts';

/** A pattern that Casbin would throw on, never finish with, or that may cost too much. The message says what to do. */
export class PatternRefused extends Error {
  override readonly name = 'PatternRefused';
  readonly language: PatternLanguage;
  readonly pattern: string;

  constructor(language: PatternLanguage, pattern: string, why: string) {
    super(`${language} does not take the pattern ${shorten(pattern)}: ${why}`);
    this.language = language;
    this.pattern = pattern;
  }
}

import type { Dictionary } from './dictionary.ts';
import { buildPatternIndex, type PatternIndex } from './patterns/build-pattern-index.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';

/** Patterns that came later are few: they are gone through together, until they are as many as this. */
const mostLate = 256;

/** The patterns of a column: all values that it had when it was made, and those that came since. */
export class PatternColumn {
  readonly #language: PatternLanguage;
  readonly #values: Dictionary;
  readonly #index: PatternIndex;
  readonly #late: { readonly from: number; readonly index: PatternIndex } | null;
  readonly #covered: number;

  /** @throws PatternRefused */
  constructor(language: PatternLanguage, values: Dictionary, before: PatternColumn | null = null) {
    this.#language = language;
    this.#values = values;
    this.#covered = values.size;
    const from = before === null ? 0 : before.#late === null ? before.#covered : before.#late.from;
    if (before === null || values.size - from > mostLate) {
      this.#index = buildPatternIndex(language, values.texts);
      this.#late = null;
    } else {
      this.#index = before.#index;
      this.#late =
        from === values.size ? null : { from, index: buildPatternIndex(language, values.texts.slice(from)) };
    }
  }

  /** Another one that knows the values that came since. @throws PatternRefused */
  caughtUp(): PatternColumn {
    return this.#covered === this.#values.size ? this : new PatternColumn(this.#language, this.#values, this);
  }

  /**
   * The numbers of the values that match.
   * @param uses how many rows have each value: a pattern that no row has any more is not asked, however long it would take
   */
  find(text: string, uses: readonly number[]): readonly number[] {
    const isUsed = (place: number): boolean => (uses[place] ?? 0) > 0;
    const found = this.#index.find(text, isUsed);
    if (this.#late === null) return found;
    const { from, index } = this.#late;
    return [...found, ...index.find(text, (place) => isUsed(place + from)).map((place) => place + from)];
  }
}

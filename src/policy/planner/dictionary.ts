import { nameLike, newTextMap } from './text-map.ts';

/** So few texts are compared faster than looked up. */
const few = 4;

/** Texts, each with a number: its place. Grows only, so that everything built on it may share it. */
export class Dictionary {
  readonly #places = newTextMap<number>();
  readonly #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  find(text: string): number | undefined {
    const texts = this.#texts;
    if (texts.length > few) return this.#places[text];
    for (let place = 0; place < texts.length; place += 1) if (texts[place] === text) return place;
    return undefined;
  }

  /** The number of a text, a new one where it is new. */
  place(text: string): number {
    const known = this.#places[text];
    if (known !== undefined) return known;
    const place = this.#texts.push(this.#texts.length < few ? nameLike(text) : text) - 1;
    this.#places[text] = place;
    return place;
  }

  text(place: number): string {
    return this.#texts[place] ?? '';
  }

  get texts(): readonly string[] {
    return this.#texts;
  }
}

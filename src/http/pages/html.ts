declare const markup: unique symbol;
/** Text that is HTML already. Only `html` makes it, and it escapes everything that is not. */
export type Html = { readonly [markup]: true; toString(): string };

type Piece = Html | string | number | null | false | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

class Markup {
  declare readonly [markup]: true;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

const render = (piece: Piece): string => {
  if (piece === null || piece === false) return '';
  if (piece instanceof Markup) return piece.toString();
  if (Array.isArray(piece)) return piece.map(render).join('');
  return String(piece).replace(/[&<>"']/g, (character) => entities[character] ?? '');
};

/** A template whose values are escaped, unless they are templates too. Attributes are written in double quotes. */
export const html = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html =>
  new Markup(texts.map((text, index) => text + render(pieces[index] ?? null)).join(''));

/** Markup of a file of ours, such as a drawing. Never of anything that came from outside. */
export const trusted = (text: string): Html => new Markup(text);

/**
 * Values by text. An object without a prototype: names of members are compared by where they are, which takes some two thirds
 * of what a `Map` takes. No text is special to it.
 */
export type TextMap<Value> = Record<string, Value | undefined>;

export const newTextMap = <Value>(): TextMap<Value> => Object.create(null) as TextMap<Value>;

/** The same text as the engine keeps it for names of members: two of those are equal where they are one. */
export function nameLike(text: string): string {
  const box = newTextMap<0>();
  box[text] = 0;
  for (const name in box) return name;
  return text;
}

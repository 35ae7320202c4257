const MOST = 80;

/** The text in quotes, for a message: what is too long ends in dots, what cannot be seen is escaped. */
export function shorten(text: string): string {
  return JSON.stringify(text.length > MOST ? `${text.slice(0, MOST)}…` : text);
}

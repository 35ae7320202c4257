/** The one copy of a string that V8 keeps for names of properties: equal ones are the same, and their hash is known. */
export const intern = (text: string): string => Object.keys({ [text]: 0 })[0] ?? text;

export const internNames = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => intern(`${prefix}${number}`));

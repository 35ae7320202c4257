/** Members that hold what must not be read in a log, whatever they are part of: `password`, `set-cookie`, `clientSecret`. */
const secretName =
  /pass(?:word|phrase|wd)|secret|token|cookie|authorization|credential|(?:api|private)[-_]?key|csrf|code[-_]?verifier|assertion|(?:login|logout)[-_]?hint/i;

export const isSecretName = (name: string): boolean => secretName.test(name);

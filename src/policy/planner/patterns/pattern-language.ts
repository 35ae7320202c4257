/** Casbin's function that reads the pattern. */
export type PatternLanguage =
  'keyMatch' | 'keyMatch2' | 'keyMatch3' | 'keyMatch4' | 'keyMatch5' | 'globMatch' | 'regexMatch';

/** The languages in which `/:name` or `/{name}` stands for one segment, and `/*` for any text. */
export type PathLanguage = 'keyMatch2' | 'keyMatch3' | 'keyMatch4' | 'keyMatch5';

import { join } from 'node:path';
import { createJiti } from 'jiti';

/** Loads a package, or a TypeScript or JavaScript file, as seen from a folder. */
export function importFrom(folder: string): (specifier: string) => Promise<unknown> {
  const jiti = createJiti(join(folder, 'portcullis.config.ts'));
  return (specifier) => jiti.import(specifier);
}

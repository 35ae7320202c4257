import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Imports as a file in that folder would: a path is of the folder, a package is one that is installed for it, not one
 * that happens to be installed for us.
 */
export const importFrom =
  (folder: string) =>
  async (specifier: string): Promise<unknown> => {
    const isPath = specifier.startsWith('.') || isAbsolute(specifier);
    const file = isPath
      ? resolve(folder, specifier)
      : createRequire(join(folder, 'portcullis.config.js')).resolve(specifier);
    return (await import(pathToFileURL(file).href)) as unknown;
  };

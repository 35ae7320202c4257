import { URL } from 'node:url';

const source = new URL('../../src/', import.meta.url).href;
const built = new URL('../../dist/', import.meta.url).href;

/** A module of src/ is the one that was built of it. @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  const found = await nextResolve(specifier, context);
  if (!found.url.startsWith(source)) return found;
  const [path] = found.url.slice(source.length).split('?');
  return path.endsWith('.ts')
    ? { url: `${built}${path.slice(0, -3)}.js`, format: 'module', shortCircuit: true }
    : found;
}

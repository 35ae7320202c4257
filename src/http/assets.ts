import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Asset {
  /** Where it is served; the name changes with the content, so it may be kept for ever. */
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

/** Makes an asset of a text: `name` becomes `/assets/name-<digest>.<extension>`. */
export function assetOf(name: string, extension: 'css' | 'svg' | 'js', content: string): Asset {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const types = { css: 'text/css', svg: 'image/svg+xml', js: 'text/javascript' };
  return {
    path: `/assets/${name}-${digest}.${extension}`,
    type: `${types[extension]}; charset=utf-8`,
    content,
  };
}

const read = (file: string): string => readFileSync(new URL(`./pages/${file}`, import.meta.url), 'utf8');

/** What the hosted pages load: one style sheet and one drawing. */
export const pageAssets = {
  style: assetOf('portcullis', 'css', read('portcullis.css')),
  mark: assetOf('mark', 'svg', read('mark.svg')),
} as const;

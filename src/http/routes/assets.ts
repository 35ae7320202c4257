import type Router from '@koa/router';
import { type Asset, pageAssets } from '../assets.ts';

/** Sends an asset. Its name holds the digest of its content, so it never changes. */
export function addAsset(router: Router, asset: Asset): void {
  router.get(asset.path, (ctx) => {
    ctx.body = asset.content;
    ctx.set('content-type', asset.type);
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
  });
}

export function addPageAssets(router: Router): void {
  Object.values(pageAssets).forEach((asset) => {
    addAsset(router, asset);
  });
}

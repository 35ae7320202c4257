/** `portcullis/testing`: conformance kits for what others plug in. */
export type { ConformanceCheck } from './checks.ts';
export { authenticatorConformance, type ConformanceSamples } from './conformance.ts';
export { redirectConformance, type RedirectSamples } from './redirect-conformance.ts';

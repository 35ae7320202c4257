/** `portcullis/testing`: conformance kits for what others plug in. */
export { authenticatorConformance, type ConformanceCheck, type ConformanceSamples } from './conformance.ts';

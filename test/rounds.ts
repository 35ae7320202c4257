/** How often a test of security.md repeats: `long` where PORTCULLIS_LONG is set (`npm run test:long`). */
export const rounds = (normal: number, long: number): number =>
  (process.env['PORTCULLIS_LONG'] ?? '') === '' ? normal : long;

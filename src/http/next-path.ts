const longest = 2_000;

/**
 * Where to go after a login: a path of our own origin, or `/`. What a browser could read as another host (`//host`,
 * `/\host`, a tab or newline in between, dot segments that leave `//`) is not taken (OWASP ASVS 5.0, 3.7.2).
 */
export function parseNextPath(input: unknown, publicUrl: URL): string {
  if (typeof input !== 'string' || input.length > longest) return '/';
  // Printable ASCII without a backslash: browsers strip or turn everything else, each in its own way.
  if (!/^\/[\x21-\x5b\x5d-\x7e]*$/.test(input) || !URL.canParse(input, publicUrl)) return '/';
  const url = new URL(input, publicUrl);
  if (url.origin !== publicUrl.origin || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

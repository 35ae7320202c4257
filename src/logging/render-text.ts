import { renderVisible } from '../core/visible-text.ts';

export type RenderText = (text: string) => string;

const longestText = 10_000;
const secret = '[secret]';

/** Shapes that only something secret has. They come in by the messages of other people's errors. */
const shapes: readonly (readonly [RegExp, string])[] = [
  // The password of a URL.
  [/(:\/\/[^\s/:@]*):[^\s/@]*@/g, `$1:${secret}@`],
  // Members of a query that prove something (OAuth 2.0, OIDC, one-time links).
  [/([?&;](?:code|state|nonce|[a-z_]*token|[a-z_]*secret|[a-z_]*hint)=)[^&\s"'<>]+/gi, `$1${secret}`],
  // RFC 6750, RFC 7617.
  [/\b(bearer|basic|dpop) +[\w.~+/=-]{8,}/gi, `$1 ${secret}`],
  // A JSON Web Token.
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)*/g, secret],
  // A password's hash, as PHC strings and crypt write it.
  [/\$(?:argon2\w*|scrypt|pbkdf2[\w-]*|2[abxy])\$[\w$.,=+/-]{20,}/g, secret],
  // 256 bits in base64url, as our own session ids, form tokens and one-time links are written.
  [/(?<![\w-])(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/g, secret],
];

/**
 * Text as a log may have it: one line whoever wrote it (OWASP ASVS 5.0, 16.4.1), without what is known to be secret and
 * without what looks like it, and no longer than anybody reads.
 *
 * @param known secrets in force, replaced wherever they stand
 */
export function createRenderText(known: readonly string[]): RenderText {
  const texts = known.filter((each) => each.length >= shortestKnown).sort((a, b) => b.length - a.length);
  const pattern = texts.length === 0 ? null : new RegExp(texts.map(quoted).join('|'), 'g');
  const clean = new Set<string>();
  return (text) => {
    if (isPlain(text) && (pattern === null || text.search(pattern) < 0)) return text;
    if (clean.has(text)) return text;
    let shown = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
    if (pattern !== null) shown = shown.replace(pattern, secret);
    for (const [shape, instead] of shapes) shown = shown.replace(shape, instead);
    shown = renderVisible(shown);
    if (shown === text && text.length <= longestKept) {
      if (clean.size >= mostKept) clean.clear();
      clean.add(text);
    }
    return shown;
  };
}

/**
 * Ids, addresses, names: nothing in them acts, and none of the shapes fits in. Those take a sign that is missing here, 43
 * characters in a row, or `eyJ`.
 */
const isPlain = (text: string): boolean => text.length < 43 && plain.test(text) && !text.includes('eyJ');
const plain = /^[\w.:/-]*$/;

/** Names of fields, addresses, sentences: texts of which nothing is hidden come again with every record. */
const longestKept = 60;
const mostKept = 1_000;

/** A shorter one would take common words out of every line. */
const shortestKnown = 6;

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

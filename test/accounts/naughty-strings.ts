import { codePoints } from '../../src/accounts/password.ts';

const repeat = (text: string, times: number): string => text.repeat(times);

const fixed = [
  'undefined',
  'null',
  'NaN',
  'true',
  'false',
  '[object Object]',
  'constructor',
  '__proto__',
  'prototype',
  'hasOwnProperty',
  '(null)',
  'nil',
  'None',
  '\\',
  '\\\\',
  '0',
  '-1',
  '1e999',
  '0x0',
  'Infinity',
  '١٢٣',
  ' ',
  '.',
  'PASSWORD',
  'password',
  'PassWord',
  'PASSWORD ',
  ' PASSWORD',
  'ﬁﬂﬀ',
  'ℌ𝔢𝔩𝔩𝔬',
  '⑴⒈①',
  'ⅣⅨ',
  'ßẞss',
  'İıI',
  'ǅ',
  'Ωσς',
  'é',
  'ａｂｃ',
  '한글',
  '﷽',
  '\u{10FFFF}',
  '\u{1F468}‍\u{1F469}‍\u{1F467}',
  '🏳️‍🌈',
  '🇩🇪🇫🇷',
  '👩🏽‍🚀',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  '﻿BOM',
  '￾￿',
  'a b',
  'a​b',
  'a⁠b',
  '­soft',
];
const controls = Array.from({ length: 33 }, (_, code) => `ctl${String.fromCodePoint(code)}end`);
const scripts = [
  0x80, 0xff, 0x100, 0x3b1, 0x430, 0x5d0, 0x627, 0x905, 0xe01, 0x10d0, 0x1100, 0x1e00, 0x2000, 0x2028, 0x2029,
  0x202e, 0x20ac, 0x2200, 0x2500, 0x2603, 0x3042, 0x30a2, 0x4e00, 0xac00, 0xe000, 0xf8ff, 0xfb01, 0xfdfa,
  0xfe0f, 0xfffd, 0x10000, 0x10330, 0x1d11e, 0x1f4a9, 0x1f600, 0x20000, 0xe0001, 0xe0100, 0x100000,
].map((code) => repeat(String.fromCodePoint(code), 13));
const lengths = [12, 55, 56, 63, 64, 71, 72, 73, 127, 128, 255, 256, 511, 512, 1000, 1023, 1024].flatMap(
  (length) => [repeat('a', length - 1) + 'B', repeat('ä', length - 1) + 'Z', repeat('𝄞', length - 1) + '!'],
);
const injections = [
  `' OR '1'='1`,
  `'; DROP TABLE users; --`,
  '$argon2id$v=19$m=64,t=1,p=1$',
  '$2b$10$',
  '{{7*7}}',
  '${7*7}',
  '<%= 7*7 %>',
  '#{7*7}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '%2e%2e%2f',
  '%00',
  '%',
  '%s%n%p',
  '\r\nSet-Cookie: a=b',
  '() { :;}; echo',
  '`id`',
  '$(id)',
  '| id',
  '&& id',
  '*)(uid=*))(|(uid=*',
  '[1m',
  '‮gpj.exe',
  '{"$gt":""}',
  '["a"]',
  'a=b&c=d',
  '\\u0000',
  '\\x00',
  '&lt;',
  '&#0;',
  '<!--',
  ']]>',
  '<![CDATA[',
  '@@version',
  '--',
  '/*',
  '*/',
  ';',
  '=cmd|calc',
  '+1',
  '@SUM(1)',
];

function makeNaughtyStrings(count: number): readonly string[] {
  const seeds = [...fixed, ...controls, ...scripts, ...lengths, ...injections];
  const found = new Set<string>();
  for (const seed of seeds) found.add(seed);
  // Every seed again, between others' characters: what is cut, trimmed or folded at either end shows.
  const frames = ['  ', '\0', '\t\n', '\u0301', '\u202e', '"', '%00', '🔑'];
  for (let round = 0; found.size < 2 * count; round += 1) {
    for (const [at, seed] of seeds.entries()) {
      const frame = frames[(at + round) % frames.length] ?? '';
      found.add(`${frame}${seed}${frame}`);
    }
  }
  const distinct = new Map<string, string>();
  for (const text of found) {
    const long = codePoints(text.normalize('NFKC')) >= 12 ? text : `${text} and twelve more`;
    const key = long.normalize('NFKC');
    if (codePoints(key) <= 1_024 && !distinct.has(key)) distinct.set(key, long);
  }
  return [...distinct.values()].slice(0, count);
}

/** Passwords that something has choked on: 515 different ones, each of 12 to 1,024 code points. */
export const naughtyStrings: readonly string[] = makeNaughtyStrings(515);

import { effect, holder, object, action, user, usualPolicy, usualRequest } from './columns.ts';
import { anyEffect, type Draw, type Kind, mostlyAllow, oneOf, rarely } from './kind.ts';

const paths = oneOf(
  ...[
    '/a',
    '/a/1',
    '/a/2',
    '/a/1/b',
    '/a/1/b/1',
    '/a/1/b/2',
    '/a/',
    '/',
    '',
    'a',
    '*',
    '/b/1',
    '/ab',
    '/a/1?x=1',
  ],
  ...['/a/b\n', '/a/é', '/.a', '/a/.hidden', 'é', '/a/{id}', '/A/1'],
);
const stars = ['/a/*', '/a*', '/*', '*', '/a', '/a/1', '/a/*/b', '/b/*', '', '/a/1/*'];
/** No regular expressions, or not once a pattern has become one. */
const broken = oneOf('*/1', '[', '*', '/a/+*', '(?');
const methods = oneOf('GET', 'POST', 'PUT', 'get', 'GETS', '');
const methodPatterns = oneOf(
  ...[
    'GET',
    'POST',
    '(GET)|(POST)',
    '^GET$',
    '.*',
    'G',
    '^(GET|POST)$',
    '',
    '[GP]',
    'PUT|GET',
    'GET',
    'POST',
    'GET',
  ],
);

const matched = (name: string, patterns: Draw<string>, ...matchers: readonly string[]): Kind => ({
  name,
  request: { sub: user, obj: paths, act: action },
  policy: { sub: holder, obj: rarely(broken, patterns), act: action },
  roles: { g: 2 },
  effect: mostlyAllow,
  matcher: oneOf(
    `g(r.sub, p.sub) && ${name}(r.obj, p.obj) && r.act == p.act`,
    `${name}(r.obj, p.obj) && g(r.sub, p.sub) && r.act == p.act`,
    `r.sub == p.sub && ${name}(r.obj, p.obj)`,
    ...matchers,
  ),
});

// A colon or a bracket without a name behind it, as in '/a/:', never ends in stock casbin.
const colons = oneOf(
  ...stars,
  '/a/:id',
  '/:x/1',
  '/a/:id/b',
  '/a/:id/b/:id',
  '/:x',
  'a:b',
  '/a.1',
  '/a/:id*',
  '/a/+',
);
const brackets = oneOf(
  ...[
    ...stars,
    '/a/{id}',
    '/{x}/1',
    '/a/{id}/b',
    '/a/{id}/b/{id}',
    '/a/{id}/b/{x}',
    '/{a}/1/{b}/{a}',
    '/a{x}',
  ],
  ...['/a/x{id}', '/a/{id}{x}', '/a/[0-9]'],
);
const globs = oneOf(
  ...[
    '/a/*',
    '/a*',
    '/**',
    '**',
    '*',
    '/a/?',
    '/a/[12]',
    '/{a,b}/1',
    '/!(a)/1',
    '!/a/1',
    '#a',
    '/a/1',
    '*/1',
    '',
    '/a/**/1',
  ],
);

export const patternKinds: readonly Kind[] = [
  matched('keyMatch', oneOf(...stars), 'g(r.sub, p.sub) && (keyMatch(r.obj, p.obj) || p.obj == "*")'),
  matched('keyMatch2', colons),
  matched('keyMatch3', brackets),
  matched('keyMatch4', brackets),
  matched('keyMatch5', brackets),
  matched('globMatch', globs),
  matched('regexMatch', oneOf('^/a', '/a/[0-9]+', '/a$', '.*', '', '^/a/1/b$', 'b', '^/(a|b)/1$', '/a')),
  {
    name: 'regexMatch on actions',
    request: { ...usualRequest, act: methods },
    policy: { ...usualPolicy, act: rarely(broken, methodPatterns), eft: effect },
    roles: { g: 2 },
    effect: anyEffect,
    matcher: oneOf(
      'g(r.sub, p.sub) && r.obj == p.obj && regexMatch(r.act, p.act)',
      'regexMatch(r.act, p.act) && g(r.sub, p.sub) && r.obj == p.obj',
    ),
  },
  {
    name: 'RESTful',
    request: { sub: user, obj: paths, act: methods },
    policy: { sub: holder, obj: colons, act: rarely(broken, methodPatterns) },
    effect: mostlyAllow,
    matcher: oneOf(
      'r.sub == p.sub && keyMatch2(r.obj, p.obj) && regexMatch(r.act, p.act)',
      'r.sub == p.sub && keyMatch(r.obj, p.obj) && regexMatch(r.act, p.act)',
      '(r.sub == p.sub || p.sub == "*") && keyMatch2(r.obj, p.obj) && (r.act == p.act || p.act == ".*")',
    ),
  },
  {
    name: 'patterns of the request',
    request: { sub: user, obj: object, act: action },
    policy: usualPolicy,
    effect: mostlyAllow,
    matcher: oneOf(
      'r.sub == p.sub && keyMatch(p.obj, r.obj) && r.act == p.act',
      'r.sub == p.sub && keyMatch(r.obj, "data*") && keyMatch(r.act, p.act)',
      'r.sub == p.sub && r.obj == p.obj && regexMatch(r.act, "^(read|write)$")',
    ),
  },
];

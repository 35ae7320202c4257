import { hostileCases, type Outcomes } from './hostile-strategies.ts';

/** A request as a redirecting strategy meets it. */
export interface RedirectingRequest {
  readonly body: unknown;
  readonly query: Readonly<Record<string, string>>;
  session: unknown;
  readonly reauthenticate: boolean;
}

export interface HostileRedirect {
  readonly title: string;
  readonly does: (own: Outcomes, request: RedirectingRequest) => unknown;
}

const op = 'https://op.example.org/authorize?state=abc';

const redirecting = (title: string, url: unknown): HostileRedirect => ({
  title: `redirects to ${title}`,
  does: (own) => {
    own.redirect(url);
  },
});

const keeping = (title: string, session: () => unknown): HostileRedirect => ({
  title: `keeps ${title}`,
  does: (own, request) => {
    request.session = session();
    own.redirect(op);
  },
});

const circular: Record<string, unknown> = {};
circular['self'] = circular;

/** C60: every way in which a strategy can break the contract where it has to redirect. Nobody may be sent anywhere. */
export const hostileStarts: readonly HostileRedirect[] = [
  ...hostileCases.filter(({ title }) => title !== 'redirects'),
  redirecting('a script', 'javascript:alert(1)'),
  redirecting('data', 'data:text/html,<script>alert(1)</script>'),
  redirecting('a file', 'file:///etc/passwd'),
  redirecting('another protocol', 'ftp://op.example.org/'),
  redirecting('http that anybody reads', 'http://op.example.org/'),
  redirecting('http on a look-alike of this machine', 'http://localhost.example.org/'),
  redirecting('a path', '/account'),
  redirecting('another host without a scheme', '//op.example.org/'),
  redirecting('a name and password', 'https://ann:secret@op.example.org/'),
  redirecting('what is too long', `https://op.example.org/?q=${'x'.repeat(8_000)}`),
  redirecting('what is no address', 'https://'),
  redirecting('two states', `${op}&state=def`),
  redirecting('a number', 1),
  keeping('too much', () => ({ verifier: 'x'.repeat(2_000) })),
  keeping('too many bytes in few characters', () => ({ verifier: '€'.repeat(700) })),
  keeping('a circle', () => circular),
  keeping('what JSON has no word for', () => ({ big: 1n })),
  keeping('a list', () => ['verifier']),
  keeping('a text', () => 'verifier'),
  keeping('nothing', () => null),
  keeping('what becomes a text', () => ({ toJSON: () => 'verifier' })),
  keeping('what becomes nothing', () => ({ toJSON: () => undefined })),
  keeping('what throws when looked at', () => ({
    get verifier() {
      throw new Error('looked at');
    },
  })),
  {
    title: 'puts a session there that throws',
    does: (own, request) => {
      Object.defineProperty(request, 'session', {
        get: () => {
          throw new Error('looked at');
        },
      });
      own.redirect(op);
    },
  },
  {
    title: 'redirects when it is too late',
    does: (own) =>
      void setTimeout(() => {
        own.redirect(op);
      }, 150),
  },
];

/** C60: every way in which a strategy can break the contract at a callback. Nobody may be logged in. */
export const hostileCallbacks: readonly HostileRedirect[] = [
  ...hostileCases,
  {
    title: 'redirects again',
    does: (own) => {
      own.redirect(op);
    },
  },
  {
    title: 'redirects to a script',
    does: (own) => {
      own.redirect('javascript:alert(1)');
    },
  },
  {
    title: 'redirects, then succeeds',
    does: (own) => {
      own.redirect(op);
      own.success({});
    },
  },
];

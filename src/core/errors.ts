/**
 * The catalogue of errors that leave the house. Three texts each: a stable code, a message that is safe for anyone and
 * says what to do, and (on the error itself) detail and cause for the log alone.
 */
export const errorCatalogue = {
  UNAUTHENTICATED: { status: 401, message: 'Log in to do this.' },
  FORBIDDEN: { status: 403, message: 'The policy does not allow this. Ask an administrator if you need it.' },
  STEP_UP_REQUIRED: { status: 403, message: 'Log in again, more recently or more strongly, to do this.' },
  BAD_CREDENTIALS: {
    status: 401,
    message: 'That name and password do not match an account that can log in. Check both, then try again.',
  },
  BAD_USER_INPUT: {
    status: 400,
    message: 'The request is not of the right form. Mend it, then send it again.',
  },
  LOGIN_REFUSED: {
    status: 401,
    message: 'You could not be logged in that way. Start again from the login page, or ask an administrator.',
  },
  CONFLICT: {
    status: 409,
    message: 'This does not fit what is there now. Look at it again, then try again.',
  },
  CSRF_REJECTED: {
    status: 403,
    message: 'This request did not come from our own page. Reload the page and try again.',
  },
  NOT_FOUND: { status: 404, message: 'There is nothing here. Check the address or the name.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This address does not take that method. Send GET or POST.' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The request body is too large. Send less at once.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send the request body as application/json.' },
  THROTTLED: { status: 429, message: 'Too many attempts. Wait, then try again.' },
  BUSY: { status: 429, message: 'The server is busy checking passwords. Try again in a moment.' },
  UNAVAILABLE: { status: 503, message: 'A part the server needs does not answer. Try again in a moment.' },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong on our side, and has been recorded. Try again later.',
  },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

export interface ErrorDetails {
  /** Replaces the catalogue's message. Must be safe for anyone to read. */
  message?: string;
  /** For the log alone. */
  detail?: string;
  cause?: unknown;
  /** Whole seconds until a retry makes sense: the Retry-After header. */
  retryAfter?: number;
  /** Further public members of the answer (GraphQL `extensions`). */
  extensions?: Readonly<Record<string, unknown>>;
}

/** An error that a caller may see: everything else is masked as INTERNAL. */
export class PortcullisError extends Error {
  override readonly name = 'PortcullisError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.message ?? errorCatalogue[code].message, { cause: details.cause });
    this.code = code;
    this.status = errorCatalogue[code].status;
    this.detail = details.detail;
    this.retryAfter = details.retryAfter;
    this.extensions = details.extensions ?? {};
  }
}

/**
 * A fault that whoever runs the server must mend (configuration, a locked data directory, a refused policy):
 * printed by the command line as it stands, one line per fault, without a stack.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly faults: readonly string[];

  constructor(faults: string | readonly string[], cause?: unknown) {
    const list = typeof faults === 'string' ? [faults] : faults;
    super(list.join('\n'), { cause });
    this.faults = list;
  }
}

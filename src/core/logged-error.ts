import { types } from 'node:util';

/** What a log may tell of an error. Its cause is told the same way. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** Causes of causes that are told; a longer chain, or one that closes a circle, ends there. */
const longestChain = 8;

/**
 * An error for the log: type, message, code, stack and causes, and never another member. Errors of drivers and parsers
 * carry what they failed on as members, such as a statement's parameters or the bytes of a request with its cookie.
 */
export function renderLoggedError(error: unknown, depth = 1): LoggedError {
  if (!isError(error)) return { type: typeof error, message: 'Not an error, so it is not shown.' };
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || cause === null || depth >= longestChain
      ? {}
      : { cause: renderLoggedError(cause, depth + 1) }),
  };
}

/** Of any realm: what `node:vm` and workers throw is no instance of this one's Error. */
const isError = (value: unknown): value is Error => types.isNativeError(value) || value instanceof Error;

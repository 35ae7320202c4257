import type { ExecutionResult } from 'graphql';
import { type ErrorCode, PortcullisError } from '../core/errors.ts';
import { publicError } from './guard/public-error.ts';

/** What a subscription gives last, where it is not let go on. */
const ending = (code: ErrorCode, message: string): ExecutionResult => ({
  data: null,
  errors: [publicError(new PortcullisError(code, { message }))],
});

export const serverCloses = (): ExecutionResult =>
  ending('UNAVAILABLE', 'The server is closing. Connect again in a moment.');

export const notChecked = (): ExecutionResult =>
  ending('UNAVAILABLE', 'Nobody could tell any more whether this may go on. Connect again in a moment.');

export const sessionEnded = (): ExecutionResult => ending('UNAUTHENTICATED', 'Your session has ended.');

import type { GraphQLError } from 'graphql';
import { errorCatalogue, type ErrorCode } from '../core/errors.ts';

/**
 * Gives an error of Yoga's or graphql's a code of the catalogue, and takes away what quotes the body that was no JSON.
 * In place: an error that is replaced, Yoga logs as a fault of ours.
 */
export function intoCatalogue(error: GraphQLError): GraphQLError {
  const { extensions } = error;
  const { code, http } = extensions;
  if (typeof code === 'string' && Object.hasOwn(errorCatalogue, code)) return error;
  delete extensions['originalError'];
  extensions['code'] = codeOf(http?.status);
  return error;
}

/** By the status that Yoga wants the answer to have. */
const codeOf = (status: unknown): ErrorCode => (status === 405 ? 'METHOD_NOT_ALLOWED' : 'BAD_USER_INPUT');

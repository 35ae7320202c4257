import { GraphQLError } from 'graphql';
import { PortcullisError } from '../core/errors.ts';
import { intoCatalogue } from './catalogue-codes.ts';
import { publicError } from './guard/public-error.ts';

/** Yoga's own errors are of the request and keep their sentence; what was not made to be read by anybody is masked. */
export function maskError(error: unknown): GraphQLError {
  if (
    error instanceof GraphQLError &&
    (error.originalError === undefined || error.originalError instanceof GraphQLError)
  ) {
    return intoCatalogue(error);
  }
  return publicError(error instanceof PortcullisError ? error : new PortcullisError('INTERNAL'));
}

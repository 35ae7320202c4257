import { GraphQLError, Kind, type ASTNode } from 'graphql';
import { PortcullisError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';

/** An error as anybody may see it: the code, the safe message and what was declared public; never the cause. */
export function publicError(
  error: PortcullisError,
  at: { nodes?: readonly ASTNode[] | undefined; path?: readonly (string | number)[] | undefined } = {},
): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: at.nodes ?? null,
    path: at.path ?? null,
    extensions: {
      ...error.extensions,
      code: error.code,
      ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    },
  });
}

/**
 * What the executor found, made public. A PortcullisError passes with its code and message; so does a fault in the
 * caller's own arguments; everything else is logged and masked, in every NODE_ENV. Equal errors of a list's rows are one
 * error, with the first path and a count.
 */
export function publicErrors(
  errors: readonly GraphQLError[],
  log: Log,
  requestId: string,
): readonly GraphQLError[] {
  const found = new Map<string, { error: GraphQLError; cause: GraphQLError; count: number }>();
  for (const cause of errors) {
    const error = isArgumentFault(cause)
      ? badInput(cause)
      : publicError(portcullisErrorOf(cause), placeOf(cause));
    const place = error.path?.filter((step) => typeof step === 'string').join('.') ?? '';
    const key = `${place} ${String(error.extensions['code'])} ${error.message}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { error, cause, count: 1 });
    else known.error.extensions['count'] = known.count += 1;
  }
  for (const { error, cause, count } of found.values()) {
    if (error.extensions['code'] !== 'INTERNAL' && error.extensions['code'] !== 'UNAVAILABLE') continue;
    const original = cause.originalError ?? cause;
    log.error(
      { event: 'resolver.failed', err: original, path: cause.path, count, requestId },
      'A resolver failed.',
    );
  }
  return [...found.values()].map(({ error }) => error);
}

const portcullisErrorOf = ({ originalError }: GraphQLError): PortcullisError =>
  originalError instanceof PortcullisError ? originalError : new PortcullisError('INTERNAL');

/** An error that brings a list called `path` is taken for a located one by the executor, and its path is not of the answer. */
const placeOf = (cause: GraphQLError): Pick<GraphQLError, 'nodes' | 'path'> =>
  cause instanceof GraphQLError ? cause : { nodes: undefined, path: undefined };

/**
 * Coercion of arguments names the argument's value. A value that a scalar can't serialize has no node, and its message
 * holds the value; what a resolver throws names the field, if anything.
 */
const isArgumentFault = ({ originalError }: GraphQLError): boolean =>
  originalError instanceof GraphQLError &&
  originalError.nodes !== undefined &&
  originalError.nodes.every(({ kind }) => kind !== Kind.FIELD);

const badInput = (cause: GraphQLError): GraphQLError =>
  new GraphQLError(cause.message, {
    nodes: cause.nodes ?? null,
    path: cause.path ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });

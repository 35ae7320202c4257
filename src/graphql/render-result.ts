import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GraphqlResponse } from './http-answer.ts';
import type { JsonType } from './json-type.ts';

/** What an error or a result says of the answer's HTTP side, and no caller reads: Yoga's `extensions.http`. */
interface HttpExtensions {
  /** Whether the status is the specification's for application/graphql-response+json, and 200 for application/json. */
  readonly spec?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const httpOf = (extensions: Readonly<Record<string, unknown>> | undefined): HttpExtensions | null =>
  (extensions?.['http'] as HttpExtensions | null | undefined) ?? null;

/** A result as an HTTP answer, to the letter as Yoga would render it. */
export function renderResult(result: ExecutionResult, type: JsonType): GraphqlResponse {
  const headers: Record<string, string> = { 'content-type': `${type}; charset=utf-8` };
  const { errors = [], extensions } = result;
  const ofResult = httpOf(extensions);
  if (errors.length === 0 && ofResult === null) {
    return { status: 200, headers, body: JSON.stringify(result) };
  }
  addHeaders(headers, ofResult);
  const hidesStatus = type === 'application/json' && errors.some(isOfGraphql);
  let status = ofResult?.status ?? 0;
  let unexpected = false;
  for (const error of errors) {
    const http = httpOf(error.extensions);
    if (http === null) {
      if (isUnexpected(error)) unexpected = true;
      continue;
    }
    addHeaders(headers, http);
    if (hidesStatus && http.spec === true) continue;
    status = Math.max(status, http.status ?? 0);
  }
  if (status === 0) status = unexpected && !('data' in result) ? 500 : 200;
  return { status, headers, body: JSON.stringify(withoutHttp(result)) };
}

function addHeaders(headers: Record<string, string>, http: HttpExtensions | null): void {
  for (const [name, value] of Object.entries(http?.headers ?? {})) headers[name.toLowerCase()] = value;
}

function isUnexpected(error: GraphQLError): boolean {
  let root: Error | undefined = error;
  while (root instanceof GraphQLError) root = root.originalError;
  return root !== undefined || Boolean(error.extensions['unexpected']);
}

/** An error that another kind of error is behind keeps its status. */
const isOfGraphql = ({ extensions: { originalError } }: GraphQLError): boolean =>
  originalError === undefined || originalError === null || originalError instanceof GraphQLError;

function withoutHttp(result: ExecutionResult): object {
  const told: Record<string, unknown> = { ...result };
  if (result.errors !== undefined) told['errors'] = result.errors.map(errorWithoutHttp);
  if (result.extensions !== undefined) told['extensions'] = membersBut(result.extensions, ['http']);
  return told;
}

function errorWithoutHttp(error: GraphQLError): object {
  const { extensions, ...told } = error.toJSON();
  return extensions === undefined
    ? told
    : { ...told, extensions: membersBut(extensions, ['http', 'unexpected']) };
}

/** `undefined` where nothing is left: JSON has no member then. */
function membersBut(members: object, hidden: readonly string[]): object | undefined {
  const told = Object.entries(members).filter(([name]) => !hidden.includes(name));
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

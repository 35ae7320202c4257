import { QueryFailedError, TypeORMError } from 'typeorm';
import { PortcullisError } from '../core/errors.ts';

/**
 * Classes of SQLSTATE (PostgreSQL documentation, appendix A) that say "not now": connection, resources, operator
 * intervention, system error, transaction rollback (deadlock), and the two timeouts of class 25.
 */
const notNow = /^(?:08|53|57|58|40|25P03|25P04|25006)/;

const sqlStateOf = (error: unknown): string | undefined => {
  const driverError: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code: unknown =
    typeof driverError === 'object' && driverError !== null && 'code' in driverError
      ? driverError.code
      : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

const unavailable = (cause: unknown, detail?: string): PortcullisError =>
  new PortcullisError('UNAVAILABLE', {
    detail: detail ?? (cause instanceof Error ? cause.message : String(cause)),
    cause,
  });

/** A fault of the program, not of the database: it must not be taken for one. */
export class MisuseError extends Error {
  override readonly name = 'MisuseError';
}

/** What a failure of the driver means to a caller. A fault in our own statements stays what it is: masked as INTERNAL. */
export function failureOf(error: unknown): unknown {
  if (error instanceof PortcullisError || error instanceof MisuseError) return error;
  const sqlState = sqlStateOf(error);
  if (sqlState === '42P01') return unavailable(error, 'a table is missing: run the migrations');
  if (sqlState === '23503') {
    return new PortcullisError('NOT_FOUND', {
      detail: 'a row that this one refers to is gone',
      cause: error,
    });
  }
  if (sqlState !== undefined) return notNow.test(sqlState) ? unavailable(error) : error;
  // TypeORM says this once a transaction's connection is lost; the unit of work refuses a finished one itself.
  if (error instanceof TypeORMError && error.name === 'QueryRunnerAlreadyReleasedError') {
    return unavailable(error, 'the connection was lost in the middle of a transaction');
  }
  if (error instanceof QueryFailedError) return unavailable(error);
  const ours = error instanceof TypeORMError || error instanceof TypeError || error instanceof RangeError;
  return ours ? error : unavailable(error);
}

type Method = (...args: never[]) => Promise<unknown>;

/** The repository with every failure translated, and `admit` asked before every call. */
export function withFailures<Repository extends object>(
  repository: Repository,
  admit: () => void,
): Repository {
  const methods = Object.entries(repository as Record<string, Method>).map(([name, method]) => [
    name,
    async (...args: never[]): Promise<unknown> => {
      try {
        admit();
        return await method(...args);
      } catch (error) {
        throw failureOf(error);
      }
    },
  ]);
  return Object.fromEntries(methods) as Repository;
}

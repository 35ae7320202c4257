import { QueryFailedError, TypeORMError } from 'typeorm';
import { PortcullisError } from '../core/errors.ts';

/**
 * Classes of SQLSTATE (PostgreSQL documentation, appendix A) that say "not now": connection, resources, operator
 * intervention, system error, transaction rollback (deadlock), and of class 25 the timeouts and the read-only server.
 */
const notNow = /^(?:08|53|57|58|40|25P03|25P04|25006)/;
const missingTable = '42P01';
const missingParent = '23503';

/** A fault of the program, not of the database: it must not be taken for one. */
export class MisuseError extends Error {
  override readonly name = 'MisuseError';
}

/**
 * What is left of an error of the driver's: a log prints every member of an error, and theirs have the parameters of
 * the statement, which hold hashes, the row that failed, and the client with its connection.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
  /** SQLSTATE, where the database gave one. */
  readonly code: string | undefined;
  /** Its text, in which parameters are numbers. */
  readonly statement: string | undefined;

  constructor(error: unknown) {
    super(error instanceof Error ? error.message : String(error));
    this.code = sqlStateOf(error);
    this.statement = error instanceof QueryFailedError ? error.query : undefined;
    if (error instanceof Error && error.stack !== undefined) this.stack = error.stack;
  }
}

function sqlStateOf(error: unknown): string | undefined {
  const driverError: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code: unknown =
    typeof driverError === 'object' && driverError !== null && 'code' in driverError
      ? driverError.code
      : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

const unavailable = (cause: DatabaseFault, detail = cause.message): PortcullisError =>
  new PortcullisError('UNAVAILABLE', { detail, cause });

/** What a failure of the driver means to a caller. A fault in our own statements is a DatabaseFault, masked as INTERNAL. */
export function failureOf(error: unknown): unknown {
  if (error instanceof PortcullisError || error instanceof MisuseError) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  const fault = new DatabaseFault(error);
  const { code: sqlState } = fault;
  if (sqlState === missingTable) return unavailable(fault, 'a table is missing: run the migrations');
  if (sqlState === missingParent) {
    return new PortcullisError('NOT_FOUND', {
      detail: 'a row that this one refers to is gone',
      cause: fault,
    });
  }
  if (sqlState !== undefined) return notNow.test(sqlState) ? unavailable(fault) : fault;
  // TypeORM says this once a transaction's connection is lost; the unit of work itself refuses a finished one.
  if (error instanceof TypeORMError && error.name === 'QueryRunnerAlreadyReleasedError') {
    return unavailable(fault, 'the connection was lost in the middle of a transaction');
  }
  if (error instanceof TypeORMError && !(error instanceof QueryFailedError)) return fault;
  return unavailable(fault);
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

import { PortcullisError } from '../core/errors.ts';
import type { Cursors } from './cursors.ts';

/** The arguments of every list: a page of at most 100, after a cursor. */
export interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

export interface Connection<Node> {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const largestPage = 100;

/**
 * A page of a list that is kept in order of a key. `list` is asked for one row more than the page holds. The key itself
 * is shown to nobody: `cursors` are those of the services.
 * BAD_USER_INPUT where `first` is not 1–100 or the cursor is none of ours.
 */
export async function pageOf<Row>(
  cursors: Cursors,
  { first, after }: PageArguments,
  keyOf: (row: Row) => string,
  list: (page: { readonly after: string | null; readonly limit: number }) => Promise<readonly Row[]>,
): Promise<Connection<Row>> {
  if (!Number.isInteger(first) || first < 1 || first > largestPage) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: `Ask for 1 to ${largestPage} rows with "first".`,
    });
  }
  const start = after === undefined || after === null ? null : openCursor(cursors, after);
  const rows = await list({ after: start, limit: first + 1 });
  const edges = rows.slice(0, first).map((node) => ({ node, cursor: cursors.seal(keyOf(node)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: start !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A page of a list that is at hand, in its own order. */
export const pageOfList = <Row>(
  cursors: Cursors,
  page: PageArguments,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Promise<Connection<Row>> =>
  pageOf(cursors, page, keyOf, ({ after, limit }) => {
    const start = after === null ? 0 : rows.findIndex((row) => keyOf(row) === after) + 1;
    if (after !== null && start === 0) throw noSuchCursor();
    return Promise.resolve(rows.slice(start, start + limit));
  });

function openCursor(cursors: Cursors, cursor: string): string {
  const key = cursors.open(cursor);
  if (key === null) throw noSuchCursor();
  return key;
}

const noSuchCursor = (): PortcullisError =>
  new PortcullisError('BAD_USER_INPUT', {
    message: 'There is no such place in this list. Start again without "after".',
  });

import type { Row } from './compile-expression.ts';
import { inPieces } from './in-pieces.ts';
import { nameOf, readLines, type PolicySource } from './policy-source.ts';
import { readLine, type PolicyLine } from './read-line.ts';
import type { ModelShape } from './read-model.ts';
import { type Link, RoleGraphBuilder, type RoleGraph } from './role-graph.ts';

export interface LoadedRows {
  /** In the order of the sources. */
  readonly rows: readonly Row[];
  readonly roles: ReadonlyMap<string, RoleGraph>;
  /** Roles with a row of more or fewer values than they have columns: two rows may say the same there, and differ. */
  readonly irregular: ReadonlySet<string>;
}

/**
 * Reads policy files as stock does: what is of no kind that the model defines is passed over.
 * @throws Error with the line where stock throws
 */
export async function loadRows(
  sources: readonly PolicySource[],
  { roles }: Pick<ModelShape, 'roles'>,
): Promise<LoadedRows> {
  const rows: Row[] = [];
  const irregular = new Set<string>();
  const builders = new Map([...roles.keys()].map((name) => [name, new RoleGraphBuilder()]));
  for (const source of sources) {
    let number = 0;
    for await (const lines of readLines(source)) {
      for (const line of lines) {
        number += 1;
        const read = tryReadLine(line, () => `${nameOf(source)}:${number}`);
        if (read === null) continue;
        if (read.kind === 'p') rows.push(read.values);
        else {
          const link = linkOf(read, roles);
          if (link !== null) builders.get(read.kind)?.add(link);
          if (read.values.length !== roles.get(read.kind)) irregular.add(read.kind);
        }
      }
    }
  }
  const graphs = new Map<string, RoleGraph>();
  for (const [name, builder] of builders) graphs.set(name, await inPieces(builder.build()));
  return { rows, roles: graphs, irregular };
}

function tryReadLine(line: string, place: () => string): PolicyLine | null {
  try {
    return readLine(line);
  } catch (error) {
    throw new Error(`${place()}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** What a role row says; `null` where it says nothing. Values beyond those that the definition has are left out, as in stock. */
export function linkOf({ kind, values }: PolicyLine, roles: ReadonlyMap<string, number>): Link | null {
  const arity = roles.get(kind);
  const [member, role, domain] = values;
  if (arity === undefined || member === undefined || role === undefined) return null;
  return { member, role, domain: arity === 3 ? (domain ?? null) : null };
}

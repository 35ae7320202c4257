import { isUuid } from '../identifiers.ts';
import type { AuditRow } from '../contract/audit.ts';
import { renderDetails, renderStorable } from '../text.ts';
import type { Unit } from '../unit.ts';

/** Rows of one statement: it must end within its deadline, and fit into one message to the embedded database. */
const batchRows = 200;
const batchCharacters = 2_000_000;
/** The longest text of one column, in UTF-16 units: an entry of an index holds some 2,700 bytes. */
const longestText = 500;

const insert = `
INSERT INTO audit_records (id, happened_at, event, subject, actor_id, account_id, authenticator, session_id, request_id,
  address, user_agent, policy_version, count, details)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[],
  $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::integer[], $14::jsonb[])
ON CONFLICT (id) DO NOTHING`;

type Columns = readonly (string | number | Date | null)[];

const text = (value: string): string => renderStorable(value, longestText);
const optional = (value: string | null): string | null => (value === null ? null : text(value));
/** What is no uuid names no account, whoever claimed so. */
const account = (id: string | null): string | null => (id !== null && isUuid(id) ? id : null);

/** A row as the statement takes it, whatever a stranger has put into it: one value must not cost the whole batch. */
const columnsOf = (row: AuditRow): Columns => [
  row.id,
  new Date(row.at),
  text(row.event),
  text(row.subject),
  account(row.actorId),
  account(row.accountId),
  optional(row.authenticator),
  optional(row.sessionId),
  optional(row.requestId),
  optional(row.address),
  optional(row.userAgent),
  optional(row.policyVersion),
  row.count,
  renderDetails(row.details),
];

function* batchesOf(rows: readonly AuditRow[]): Generator<Columns[]> {
  let batch: Columns[] = [];
  let characters = 0;
  for (const row of rows) {
    const columns = columnsOf(row);
    const length = columns.reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      0,
    );
    if (batch.length === batchRows || (batch.length > 0 && characters + length > batchCharacters)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(columns);
    characters += length;
  }
  if (batch.length > 0) yield batch;
}

/** All of them or none. */
export async function appendAudit(
  { manager }: Pick<Unit, 'manager'>,
  rows: readonly AuditRow[],
): Promise<void> {
  const [first, ...rest] = [...batchesOf(rows)];
  if (first === undefined) return;
  const columnwise = (batch: readonly Columns[]) =>
    (first[0] ?? []).map((_, column) => batch.map((row) => row[column]));
  if (rest.length === 0) await manager.query(insert, columnwise(first));
  else {
    await manager.transaction(async (unit) => {
      for (const batch of [first, ...rest]) await unit.query(insert, columnwise(batch));
    });
  }
}

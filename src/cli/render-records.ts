import { orderDetails, renderDetail } from '../audit/order-details.ts';
import { renderVisible } from '../core/visible-text.ts';
import type { AuditRow } from '../store/contract/audit.ts';

export const recordHeadings = ['TIME', 'EVENT', 'SUBJECT', 'ADDRESS', 'DETAILS'] as const;
/** Widths that fit most, for a record that is printed before the next one is known. */
const widths = [24, 26, 20, 15, 0] as const;

/** Names of accounts by id, as they are called now. */
export type Names = ReadonlyMap<string, string>;

/** A record in the columns of `recordHeadings`. */
export const renderCells = (row: AuditRow, names: Names): readonly string[] => [
  renderTime(row),
  row.event,
  row.subject,
  row.address ?? '-',
  renderDetails(row, names),
];

/** A record on one line. */
export const renderRecord = (row: AuditRow, names: Names): string =>
  renderCells(row, names)
    .map((cell, column) => renderVisible(cell).padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd();

/** A record as programs read it. */
export const renderForJson = (row: AuditRow): object => ({ ...row, at: renderTime(row) });

const renderTime = ({ at }: AuditRow): string => new Date(at).toISOString();

/** `×3 coordinate=User.email rules=["groups.csv:3"]`, and whom it was done to where that is somebody else: `account=user:ann`. */
function renderDetails({ count, details, accountId, actorId }: AuditRow, names: Names): string {
  const parts = orderDetails(details).map(([name, value]) => `${name}=${renderDetail(value)}`);
  if (accountId !== null && accountId !== actorId) parts.push(`account=${names.get(accountId) ?? accountId}`);
  return [...(count > 1 ? [`×${count}`] : []), ...parts].join(' ');
}

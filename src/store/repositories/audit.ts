import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { MoreThan } from 'typeorm';
import { firstIdAt, mostAhead } from '../../core/ordered-ids.ts';
import { AuditRecords } from '../entities/audit.ts';
import { isUuid } from '../identifiers.ts';
import type { AuditFilter, AuditRepository } from '../contract/audit.ts';
import { purgeBatch } from '../contract/page.ts';
import { isStorable } from '../text.ts';
import type { Unit } from '../unit.ts';
import { appendAudit } from './append-audit.ts';

/** Milliseconds that may lie between a record's time and its id's, beyond what `mostAhead` says. */
const slack = 60_000;

/** What no record can have finds none; it must not become an error of the driver. */
const canMatch = ({ about, event, subject }: AuditFilter, after: string | null): boolean =>
  (about === undefined || isUuid(about)) &&
  (event === undefined || isStorable(event)) &&
  (subject === undefined || isStorable(subject)) &&
  (after === null || isUuid(after));

/** Everything but `about`. Event names have no `/`, which follows the dot: `login.` is all from there to `login/`. */
function narrow<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  alias: string,
  { event, subject, from, until }: AuditFilter,
  after: string | null,
): SelectQueryBuilder<Row> {
  const conditions = [
    event === undefined
      ? null
      : event.endsWith('.')
        ? `${alias}.event >= :event AND ${alias}.event < :beyond`
        : `${alias}.event = :event`,
    subject === undefined ? null : `${alias}.subject = :subject`,
    from === undefined ? null : `${alias}.at >= :from AND ${alias}.id >= :firstId`,
    until === undefined ? null : `${alias}.at < :until AND ${alias}.id < :beyondId`,
    after === null ? null : `${alias}.id < :after`,
  ];
  for (const condition of conditions) if (condition !== null) query.andWhere(condition);
  return query;
}

export function createAudit(unit: Unit): AuditRepository {
  const { manager } = unit;
  return {
    append: (rows) => appendAudit(unit, rows),

    async list(filter, { after, limit }) {
      if (!canMatch(filter, after)) return [];
      const records = manager.createQueryBuilder(AuditRecords, 'r').orderBy('r.id', 'DESC').limit(limit);
      records.setParameters({
        about: filter.about,
        event: filter.event,
        beyond: filter.event?.replace(/\.$/, '/'),
        subject: filter.subject,
        from: new Date(filter.from ?? 0),
        until: new Date(filter.until ?? 0),
        // By the key as well: what happened long ago is found without reading all that came after it.
        firstId: firstIdAt((filter.from ?? 0) - slack),
        beyondId: firstIdAt((filter.until ?? 0) + mostAhead + slack),
        after,
      });
      if (filter.about === undefined) return narrow(records, 'r', filter, after).getMany();
      // Two walks down two indexes: with OR, all that an account ever did would be read for one page.
      const ids = ['actorId', 'accountId'].map((column) =>
        narrow(
          records
            .subQuery()
            .select('a.id')
            .from(AuditRecords, 'a')
            .where(`a.${column} = :about`)
            .orderBy('a.id', 'DESC')
            .limit(limit),
          'a',
          filter,
          after,
        ).getQuery(),
      );
      return records.where(`r.id IN (${ids.join(' UNION ')})`).getMany();
    },

    async since(after, limit) {
      if (after !== null && !isUuid(after)) return [];
      return manager.find(AuditRecords, {
        where: after === null ? {} : { id: MoreThan(after) },
        order: { id: 'ASC' },
        take: limit,
      });
    },

    // Waits for nobody: what is locked is being purged by another server.
    async purge(before) {
      const { rowCount } = await unit.query({
        text: `DELETE FROM audit_records WHERE id IN (
          SELECT id FROM audit_records WHERE happened_at < $1 ORDER BY happened_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        values: [new Date(before), purgeBatch],
      });
      return rowCount ?? 0;
    },
  };
}

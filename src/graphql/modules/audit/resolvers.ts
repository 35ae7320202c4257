import { findEvents } from '../../../audit/events.ts';
import { isSubjectMatter, orderDetails, renderDetail } from '../../../audit/order-details.ts';
import { PortcullisError } from '../../../core/errors.ts';
import type { AuditFilter, AuditRow } from '../../../store/contract/audit.ts';
import type { UserRow } from '../../../store/contract/users.ts';
import type { Context } from '../../context.ts';
import { defineModule } from '../../module.ts';
import { type Connection, pageOf, type PageArguments } from '../../pagination.ts';
import type { CoreServices } from '../core-services.ts';
import type { Viewer } from '../viewer/resolvers.ts';
import { auditFacts } from './facts.ts';

interface AuditArguments extends PageArguments {
  readonly event?: string | null;
  readonly subject?: string | null;
  readonly account?: string | null;
  readonly from?: number | null;
  readonly until?: number | null;
}

/** What happened: all of it for those permitted, and everybody's own. */
export const auditModule = defineModule<CoreServices, { readonly user: UserRow }>({
  name: 'audit',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  facts: auditFacts,
  resolvers: {
    Query: {
      auditRecords: (_: unknown, args: AuditArguments, context) =>
        pageOfTrail(args, parseFilter(args), context),
    },
    Viewer: {
      auditRecords: (_: Viewer, args: PageArguments, context) => {
        const { principal } = context;
        return principal.kind === 'user' ? pageOfTrail(args, { about: principal.id }, context) : null;
      },
    },
    AuditRecord: {
      sentence: ({ event }: AuditRow) => findEvents(event)[0]?.sentence ?? null,
      actor: ({ actorId }: AuditRow, _args: object, { load }) =>
        actorId === null ? null : load.user(actorId),
      account: ({ accountId }: AuditRow, _args: object, { load }) =>
        accountId === null ? null : load.user(accountId),
      about: (row: AuditRow) => detailsOf(row).filter(({ name }) => isSubjectMatter(name)),
      details: detailsOf,
      session: ({ sessionId }: AuditRow) => sessionId,
    },
  },
});

const pageOfTrail = (
  args: PageArguments,
  filter: AuditFilter,
  { services }: Context<CoreServices>,
): Promise<Connection<AuditRow>> =>
  pageOf(
    services.cursors,
    args,
    (row) => row.id,
    (page) => services.store.audit.list(filter, page),
  );

function detailsOf({ details }: AuditRow): readonly { readonly name: string; readonly value: string }[] {
  return orderDetails(details).map(([name, value]) => ({ name, value: renderDetail(value) }));
}

function parseFilter({ event, subject, account, from, until }: AuditArguments): AuditFilter {
  if (typeof event === 'string' && findEvents(event).length === 0) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: 'There is no such event. Write a whole name such as login.failed, or a kind such as "login.".',
    });
  }
  return {
    ...(typeof event === 'string' ? { event } : {}),
    ...(typeof subject === 'string' ? { subject } : {}),
    ...(typeof account === 'string' ? { about: account } : {}),
    ...(typeof from === 'number' ? { from } : {}),
    ...(typeof until === 'number' ? { until } : {}),
  };
}

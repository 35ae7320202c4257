import type { Command } from 'commander';
import { followAudit } from '../audit/follow-audit.ts';
import { systemClock } from '../core/clock.ts';
import { openStore } from '../store/open-store.ts';
import type { AuditRepository, AuditRow } from '../store/contract/audit.ts';
import type { Store } from '../store/store.ts';
import { type AuditFilterOptions, parseAuditFilter, parseRecordCount } from './audit-filter.ts';
import { commandLog } from './command-log.ts';
import { type JoinedStore, joinStore } from './joined-store.ts';
import { type OutputOptions, printJson, printLine, printTable } from './output.ts';
import { type Names, recordHeadings, renderCells, renderForJson, renderRecord } from './render-records.ts';
import { loadSettings } from './workplace.ts';

interface ListOptions extends OutputOptions, AuditFilterOptions {
  readonly limit: string;
}

interface TailOptions extends OutputOptions {
  readonly last: string;
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('what happened: logins, changes, denials');

  audit
    .command('list')
    .description('records, newest first')
    .option('--event <name>', 'an event such as login.failed, or all of a kind: login.')
    .option('--subject <subject>', 'whoever did it: user:<name>, anonymous, operator')
    .option('--account <name>', 'what an account did, and what was done to it')
    .option('--since <when>', 'how long ago at most (24h, 7d), or a moment (2026-11-20T09:30:00Z)')
    .option('--until <when>', 'how long ago at least, or a moment')
    .option('--limit <number>', 'how many at most, up to 1000', '50')
    .option('--json', 'print JSON')
    .action(async (options: ListOptions, command: Command) => {
      const limit = parseRecordCount(options.limit, 1, '--limit');
      await withStore(command, async (store) => {
        const filter = await parseAuditFilter(options, { users: store.users, clock: systemClock });
        const rows = await store.audit.list(filter, { after: null, limit });
        if (options.json === true) {
          printJson(rows.map(renderForJson));
          return;
        }
        const names = await loadNames(rows, store);
        printTable(
          recordHeadings,
          rows.map((row) => renderCells(row, names)),
        );
      });
    });

  audit
    .command('tail')
    .description('the newest records, then every new one as it comes, until Ctrl-C')
    .option('--last <number>', 'how many of the newest to begin with', '10')
    .option('--json', 'print JSON, a record a line')
    .action(async (options: TailOptions, command: Command) => {
      const last = parseRecordCount(options.last, 0, '--last');
      const { databaseUrl, dataDir } = await loadSettings(command);
      const store = await joinStore({ databaseUrl, dataDir, log: commandLog });
      try {
        await tail(store, last, options);
      } finally {
        await store.close();
      }
    });
}

async function tail(store: JoinedStore, last: number, { json }: TailOptions): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  // Whoever reads has left: `| head`.
  process.stdout.on('error', end);
  const onOutage = (state: 'began' | 'ended'): void => {
    const sentence =
      state === 'began'
        ? 'The database does not answer; still trying.'
        : 'The database answers again. What servers could not write meanwhile comes late.';
    commandLog.warn({}, sentence);
  };
  const trail: Pick<AuditRepository, 'list' | 'since'> = {
    list: (...request) => store.ask(({ audit }) => audit.list(...request)),
    since: (...request) => store.ask(({ audit }) => audit.since(...request)),
  };
  const following = followAudit({ trail, last, onOutage, signal: stop.signal, clock: systemClock });
  for await (const rows of following) {
    const names =
      json === true ? null : await store.ask((joined) => loadNames(rows, joined)).catch(() => noNames);
    for (const row of rows) {
      printLine(names === null ? JSON.stringify(renderForJson(row)) : renderRecord(row, names));
    }
  }
}

const noNames: Names = new Map();

/** What the accounts that something was done to are called now; none where they are gone. */
async function loadNames(rows: readonly AuditRow[], { users }: Store): Promise<Names> {
  const ids = new Set(rows.flatMap(({ accountId }) => (accountId === null ? [] : [accountId])));
  const found = await users.findMany([...ids]);
  return new Map(found.map(({ id, username }) => [id, `user:${username}`]));
}

/** The store alone: what happened can be read while the policy is refused, too. */
async function withStore(command: Command, work: (store: Store) => Promise<void>): Promise<void> {
  const { databaseUrl, dataDir } = await loadSettings(command);
  const store = await openStore({ databaseUrl, dataDir, log: commandLog, attach: true });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

import type { Settings } from '../../config/settings.ts';
import type { DatabaseFacts } from '../../store/inspect-database.ts';
import type { Check } from '../check.ts';
import { isRemote, showAddress } from '../show-address.ts';
import { good, notLookedAt, problem, type Verdict, warning } from '../verdict.ts';

/** The oldest that the tests run on. */
const oldest = 15;
/** Milliseconds that every request then waits at least once. */
const slow = 50;

export const database: Check = {
  name: 'database',
  title: 'Database',
  reason: 'Without it nobody is known: accounts, groups, grants and records are there.',
  needs: ['databaseUrl'],
  async inspect({ settings, database: look }) {
    const state = await look();
    switch (state.kind) {
      case 'unknown':
        return [notLookedAt('Not looked at: its settings are at fault.')];
      case 'away':
        return state.faults.map((fault) => problem(fault, null));
      case 'not-made':
        return [
          good(`The embedded database is not made yet: the first start makes it in ${settings.dataDir}.`),
          ...inspectKind('embedded', settings),
        ];
      case 'open':
        return [
          good(describe(settings, state.facts, state.occupied)),
          ...inspectFacts(settings, state.facts),
        ];
    }
  },
};

function describe({ databaseUrl, dataDir }: Settings, facts: DatabaseFacts, occupied: boolean): string {
  const place =
    databaseUrl === null
      ? `The embedded database in ${dataDir} (PostgreSQL ${facts.version})`
      : `PostgreSQL ${facts.version} at ${showAddress(databaseUrl)}`;
  const answers = `answers in ${facts.latency.toFixed(1)} ms`;
  return `${place} ${answers}${occupied ? ', beside the process that has it open' : ''}.`;
}

/** What is well or wrong with a database that answers. */
export const inspectFacts = (
  settings: Pick<Settings, 'mode' | 'databaseUrl'>,
  facts: DatabaseFacts,
): readonly Verdict[] => [
  ...inspectKind(facts.kind, settings),
  ...inspectServer(settings, facts),
  ...inspectMigrations(facts),
];

const inspectKind = (kind: DatabaseFacts['kind'], { mode }: Pick<Settings, 'mode'>): readonly Verdict[] =>
  kind === 'embedded' && mode === 'production'
    ? [
        warning(
          'The embedded database does not wait for the disk: a power cut may lose what was acknowledged.',
          'Use PostgreSQL (DATABASE_URL) in production.',
        ),
      ]
    : [];

function inspectServer(
  { databaseUrl }: Pick<Settings, 'databaseUrl'>,
  facts: DatabaseFacts,
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  if (facts.readOnly) {
    verdicts.push(
      problem(
        'The database takes no writes: it is a standby, or was told to be read-only.',
        'Let DATABASE_URL name the primary.',
      ),
    );
  }
  if (Number.parseInt(facts.version, 10) < oldest) {
    verdicts.push(
      warning(
        `PostgreSQL ${facts.version} is older than any that was tested.`,
        `Use PostgreSQL ${oldest} or newer.`,
      ),
    );
  }
  if (databaseUrl !== null && facts.encrypted === false && isRemote(databaseUrl)) {
    verdicts.push(
      warning(
        'The connection to the database leaves this machine without TLS.',
        'Add ?sslmode=verify-full to DATABASE_URL, unless the network is yours alone.',
      ),
    );
  }
  if (facts.latency > slow) {
    verdicts.push(
      warning(
        `One small statement takes ${Math.round(facts.latency)} ms, and every request waits for at least one.`,
        'Bring the database nearer to the server.',
      ),
    );
  }
  return verdicts;
}

function inspectMigrations({ applied, pending, unknown }: DatabaseFacts): readonly Verdict[] {
  const migrate = 'Run `portcullis migrate`; the next start of the server does it too.';
  if (applied === 0) return [warning('It is empty: its tables are not made yet.', migrate)];
  return [
    ...(pending.length === 0 && unknown.length === 0 ? [good('Its schema is up to date.')] : []),
    ...(pending.length === 0
      ? []
      : [
          warning(
            `${pending.length === 1 ? 'One migration is' : `${pending.length} migrations are`} pending: ${pending.join(', ')}.`,
            migrate,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          warning(
            `A newer version has migrated this database: ${unknown.join(', ')} is not known here.`,
            'Update this installation.',
          ),
        ]),
  ];
}

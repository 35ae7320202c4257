import { join } from 'node:path';
import { createAccounts } from './accounts/create-accounts.ts';
import { grantsOf } from './accounts/grants-of.ts';
import { createIdentities } from './accounts/create-identities.ts';
import type { Accounts } from './accounts/accounts.ts';
import { createHasher, type Hasher } from './accounts/hashing/hasher.ts';
import type { Identities } from './accounts/identities.ts';
import { hasherSettings } from './accounts/settings.ts';
import type { Audit } from './audit/audit.ts';
import { createAudit } from './audit/create-audit.ts';
import type { Authenticator } from './authenticators/authenticator.ts';
import { checkOnePassport } from './authenticators/one-passport.ts';
import { provable } from './authenticators/provable.ts';
import { loadAuthenticators } from './authenticators/registry.ts';
import { importFrom } from './config/import-from.ts';
import type { Settings } from './config/settings.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { type Log, silentLog } from './core/log.ts';
import { buildGuardedSchema } from './graphql/build-schema.ts';
import { describeSchema } from './graphql/describe-schema.ts';
import type { GuardedSchema } from './graphql/guard/guarded-schema.ts';
import { coreModules } from './graphql/modules/core-modules.ts';
import type { CoreServices } from './graphql/modules/core-services.ts';
import type { RequestEnvironment } from './policy/decision.ts';
import type { Declarations } from './policy/declarations.ts';
import type { ObservePolicyLoad, PolicyEngine } from './policy/engine.ts';
import { openPolicyEngine } from './policy/open-engine.ts';
import { announceChanges } from './sessions/announce-changes.ts';
import { linkRedis, type RedisLink } from './sessions/redis-link.ts';
import { migrate } from './store/migrate.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';

/** What the server and every command stand on: the same store, schema, policy and accounts, opened the same way. */
export interface Foundation {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  /** Where sessions are, and principals beside them; `null` where the database has them. */
  readonly redis: RedisLink | null;
  readonly schema: GuardedSchema<CoreServices>;
  readonly declarations: Declarations;
  readonly policy: PolicyEngine;
  readonly audit: Audit;
  readonly hasher: Hasher;
  readonly accounts: Accounts;
  readonly identities: Identities;
  readonly authenticators: ReadonlyMap<string, Authenticator>;
  /** What a login here could prove. */
  readonly provable: RequestEnvironment['provable'];
  close(): Promise<void>;
}

export interface FoundationOptions {
  readonly log: Log;
  readonly clock?: Clock;
  /** A server owns its data directory and follows its policy files; a command works beside a server, and reads once. */
  readonly role: 'server' | 'command';
  /** The embedded database is another process', which is there already: it is joined, never started. */
  readonly joins?: boolean;
  readonly observePolicyLoad?: ObservePolicyLoad;
}

export { grantsOf };

/** The schema of the core API and of the configured modules, guarded. */
export const buildSchema = (settings: Pick<Settings, 'modules'>): GuardedSchema<CoreServices> =>
  buildGuardedSchema<CoreServices>([...coreModules, ...settings.modules]);

/** What the policy may name, for these settings and this schema. */
export const declare = (
  settings: Pick<Settings, 'attributes'>,
  schema: GuardedSchema<CoreServices>,
): Declarations => ({
  ...describeSchema(schema),
  attributes: settings.attributes,
});

/**
 * Opens everything in order; what was opened is closed again where a later step fails.
 * @throws OperatorError where something must be mended first
 */
export async function openFoundation(
  settings: Settings,
  { log, role, joins = false, clock = systemClock, observePolicyLoad }: FoundationOptions,
): Promise<Foundation> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  checkOnePassport(settings.base, settings.authenticators);
  try {
    const schema = buildSchema(settings);
    const declarations = declare(settings, schema);
    const storeOptions = { databaseUrl: settings.databaseUrl, dataDir: settings.dataDir, log };
    // A command says on its own why it was refused; its log would say so beside it.
    const redisLog = role === 'server' ? log : silentLog;
    const redis = settings.redisUrl === null ? null : keep(linkRedis(settings.redisUrl, redisLog));
    const store = keep(
      await openStore({
        ...storeOptions,
        attach: joins ? 'only' : role === 'command',
        ...(redis !== null && {
          onChange: announceChanges({
            connect: () => redis.connection(),
            prefix: settings.redisPrefix,
            log: redisLog,
          }),
        }),
      }),
    );
    // Joins the embedded database that was just opened, or joined: it is started once.
    await migrate(storeOptions);
    // The record would say so beside it, too.
    const auditLog: Log =
      role === 'server' ? log : { ...silentLog, error: (fields, text) => log.error(fields, text) };
    const audit = keep(createAudit({ store, settings: settings.audit, clock, log: auditLog }));
    const policy = keep(
      await openPolicyEngine({
        folders: settings.policyFolders,
        lastGoodFile: role === 'server' ? join(settings.dataDir, 'last-good-policy.json') : null,
        production: settings.mode === 'production',
        declarations,
        grants: grantsOf(store),
        tableBytes: settings.policyTables * 1024 * 1024,
        watch: role === 'server',
        ...(observePolicyLoad === undefined ? {} : { observe: observePolicyLoad }),
        clock,
        log,
      }),
    );
    const { minLength, ...hashing } = settings.passwords;
    const hasher = keep(createHasher({ settings: hasherSettings(hashing), clock, log }));
    const { attributes } = settings;
    const accounts = createAccounts({
      store,
      hasher,
      policy,
      audit,
      attributes,
      minLength,
      clock,
      log,
    });
    const identities = createIdentities({ store, audit, policy, attributes, clock });
    const importModule = importFrom(settings.base);
    const authenticators = await loadAuthenticators(settings.authenticators, {
      accounts,
      importModule,
      publicUrl: settings.publicUrl,
      attributes,
      clock,
      log,
    });
    return {
      settings,
      clock,
      log,
      store,
      redis,
      schema,
      declarations,
      policy,
      audit,
      hasher,
      accounts,
      identities,
      authenticators,
      provable: provable(authenticators.values()),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

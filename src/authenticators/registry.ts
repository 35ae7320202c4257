import { isDeepStrictEqual } from 'node:util';
import type { Accounts } from '../accounts/accounts.ts';
import type { AttributeDeclarations } from '../accounts/attributes.ts';
import { OperatorError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Authenticator, AuthenticatorDefinition, FormCapability } from './authenticator.ts';
import { findAuthenticatorFaults } from './authenticator-faults.ts';
import { oidc } from './oidc/index.ts';
import { password } from './password/index.ts';

/** One enabled authenticator, as the configuration says it. */
export interface AuthenticatorEntry {
  /** A built-in one, an npm package or a file by its path (its default export), or the definition itself. */
  readonly use: string | AuthenticatorDefinition;
  /** Another name than the definition's: for two of a kind. */
  readonly name?: string | undefined;
  readonly options?: unknown;
}

export interface RegistryNeeds {
  readonly accounts: Pick<Accounts, 'verifyPassword' | 'findByUsername'>;
  /** Loads a package or file named in the configuration, as seen from there. */
  readonly importModule: (specifier: string) => Promise<unknown>;
  /** The origin that browsers use: callbacks come back to it. */
  readonly publicUrl: URL;
  /** The attributes that accounts may have, with their kinds. */
  readonly attributes: AttributeDeclarations;
  readonly clock: Clock;
  readonly log: Log;
}

const builtIn: ReadonlyMap<string, AuthenticatorDefinition> = new Map<string, AuthenticatorDefinition>([
  [password.name, password],
  [oidc.name, oidc],
]);

const namePattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Names that mean something else in a session, an address or a language. */
const reservedNames: ReadonlySet<string> = new Set([
  'account',
  'anonymous',
  'callback',
  'constructor',
  'identities',
  'login',
  'logout',
  'prototype',
  'session',
  'setup',
  'unlink',
]);

/**
 * The enabled authenticators by name, in configured order: nothing is enabled by being imported, and a name from outside
 * is looked up in this map alone.
 * @throws OperatorError with the faults of all entries at once.
 */
export async function loadAuthenticators(
  entries: readonly AuthenticatorEntry[],
  needs: RegistryNeeds,
): Promise<ReadonlyMap<string, Authenticator>> {
  const enabled = new Map<string, Authenticator>();
  const faults: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const made = await loadAuthenticator(entry, `authenticators[${index}]`, needs);
    if (!('authenticator' in made)) faults.push(...made.faults);
    else if (enabled.has(made.authenticator.name)) {
      faults.push(
        `authenticators[${index}]: the name ${made.authenticator.name} is taken. Set another "name".`,
      );
    } else enabled.set(made.authenticator.name, made.authenticator);
  }
  if (faults.length === 0) faults.push(...findUnreachable([...enabled.values()]));
  if (faults.length > 0) throw new OperatorError(faults);
  return enabled;
}

/** Those that no page and no mutation would ever ask. */
function findUnreachable(enabled: readonly Authenticator[]): readonly string[] {
  const withForm = enabled.flatMap(({ name, form, redirect }) =>
    form === undefined ? [] : [{ name, form, redirect }],
  );
  const [first, ...others] = withForm;
  const neither = enabled
    .filter(({ form, redirect }) => form === undefined && redirect === undefined)
    .map(
      ({ name }) => `authenticators: nobody could log in with ${name}: it has neither a form nor a redirect.`,
    );
  const hidden = others
    .filter(({ redirect }) => redirect === undefined)
    .filter(({ form }) => !isAskedByName(form) && !isDeepStrictEqual(form.fields, first?.form.fields))
    .map(
      ({ name }) =>
        `authenticators: nobody could log in with ${name}: the login page has the fields of ${first?.name ?? 'none'}, ` +
        'the API a username and a password. Give it one or the other fields, or put it first.',
    );
  return [...neither, ...hidden];
}

/** Whether the mutation `login` can fill in that form: `authenticator` names whom it asks. */
const isAskedByName = ({ fields }: FormCapability): boolean =>
  fields.every(({ name }) => name === 'username' || name === 'password');

type Made = { readonly authenticator: Authenticator } | { readonly faults: readonly string[] };

async function loadAuthenticator(entry: AuthenticatorEntry, at: string, needs: RegistryNeeds): Promise<Made> {
  const { use, options = {} } = entry;
  let definition: unknown;
  try {
    definition = typeof use === 'string' ? await loadDefinition(use, needs) : use;
  } catch (error) {
    return { faults: [`${at}: what "use" names can't be loaded: ${messageOf(error)}`] };
  }
  if (!isDefinition(definition)) {
    return {
      faults: [`${at}: "use" must be a built-in name, or give an object with name, options and create.`],
    };
  }
  const name = entry.name ?? definition.name;
  if (name.length > 32 || !namePattern.test(name) || reservedNames.has(name)) {
    const rule = 'Use 1 to 32 lower-case letters, digits and hyphens, and no reserved word';
    return { faults: [`${at}: ${JSON.stringify(name)} can't be an authenticator's name. ${rule}.`] };
  }
  const parsed = definition.options.safeParse(options);
  if (!parsed.success) {
    const where = (path: readonly PropertyKey[]): string => ['options', ...path.map(String)].join('.');
    return { faults: parsed.error.issues.map(({ path, message }) => `${at}.${where(path)}: ${message}`) };
  }
  const { accounts, publicUrl, attributes, clock, log } = needs;
  const callbackUrl = new URL(`/login/${name}/callback`, publicUrl);
  try {
    const authenticator = definition.create(parsed.data, {
      name,
      accounts,
      callbackUrl,
      attributes,
      clock,
      log,
    });
    const faults = findAuthenticatorFaults(authenticator, name);
    return faults.length === 0 ? { authenticator } : { faults: faults.map((fault) => `${at}: ${fault}`) };
  } catch (error) {
    return { faults: [`${at}: ${name} can't be made: ${messageOf(error)}`] };
  }
}

async function loadDefinition(use: string, { importModule }: RegistryNeeds): Promise<unknown> {
  const known = builtIn.get(use);
  if (known !== undefined) return known;
  const loaded = await importModule(use);
  return typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : loaded;
}

function isDefinition(value: unknown): value is AuthenticatorDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { name, options, create } = value as Partial<Record<keyof AuthenticatorDefinition, unknown>>;
  const parses = typeof options === 'object' && options !== null && 'safeParse' in options;
  return typeof name === 'string' && parses && typeof create === 'function';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

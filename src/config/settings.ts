import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import { auditSettings } from '../audit/settings.ts';
import type { AuthenticatorEntry } from '../authenticators/registry.ts';
import { durationSetting } from '../core/duration-setting.ts';
import { isAttributeName } from '../core/names.ts';
import { Secret } from '../core/secret.ts';
import { passwordSettings } from '../accounts/settings.ts';
import { loginThrottleSettings } from '../throttles/settings.ts';
import type { Module } from '../graphql/module.ts';
import type { CoreServices } from '../graphql/modules/core-services.ts';
import { graphqlSettings } from '../graphql/settings.ts';
import { shutdownSettings } from '../http/shutdown-settings.ts';
import { metricsSettings } from '../telemetry/settings.ts';

const secret = z.string().transform((value) => new Secret(value));

const url = (protocols: readonly string[], example: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `Write an address such as ${example}.`,
    abort: true,
  });

/** An origin and nothing else: what stands behind it would be ignored, and a password before it be printed in links. */
const origin = (example: string) =>
  url(['http:', 'https:'], example).refine((value) => new URL(value).href === `${new URL(value).origin}/`, {
    error: 'Write an origin alone: no path, no query, no name or password.',
  });

/** The fewest characters of a secret. */
export const shortestSecret = 32;

const network = z.string().refine((value) => ipaddr.isValidCIDR(value) || ipaddr.isValid(value), {
  error: 'Write an address or a network such as 10.0.0.0/8 or ::1.',
});

/** The most processes of one machine. */
export const mostWorkers = 256;
const wholeWorkers = { error: `Write a whole number from 1 to ${mostWorkers}.` };

const wholePort = { error: 'Write a whole number from 0 to 65535.' };

/** Called once everything is built, before the first request is taken; of several workers by the first alone. */
export type Started = (house: {
  readonly mode: 'development' | 'production';
  readonly publicUrl: URL;
  readonly accounts: Accounts;
}) => Promise<void>;

/** Everything that can be set. The descriptions are the reference (`portcullis config reference`). */
export const settingsSchema = z.strictObject({
  mode: z
    .enum(['development', 'production'], { error: 'Write development or production.' })
    .default('development')
    .describe(
      'Production refuses to start without secrets, leaves development.csv out and serves no GraphiQL.',
    ),
  host: z.string().min(1).default('localhost').describe('The address to listen on.'),
  port: z
    .number(wholePort)
    .int(wholePort)
    .min(0, wholePort)
    .max(65_535, wholePort)
    .default(4000)
    .describe('The port to listen on.'),
  workers: z
    .number(wholeWorkers)
    .int(wholeWorkers)
    .min(1, wholeWorkers)
    .max(mostWorkers, wholeWorkers)
    .default(1)
    .describe(
      'How many processes of this machine `portcullis serve` answers requests with: see docs/operations.md.',
    ),
  publicUrl: origin('https://login.example.com')
    .optional()
    .describe(
      'The origin that browsers use. Links, cookies and origin checks come from it, never from a request. ' +
        'http is taken only for localhost. Default: http://localhost and the port.',
    ),
  databaseUrl: url(['postgres:', 'postgresql:'], 'postgres://user@host:5432/name')
    .pipe(secret)
    .nullable()
    .default(null)
    .describe('PostgreSQL. Without it, an embedded database is kept in the data directory.'),
  redisUrl: url(['redis:', 'rediss:'], 'redis://host:6379')
    .pipe(secret)
    .nullable()
    .default(null)
    .describe('Keeps sessions in Redis instead of in the database.'),
  redisPrefix: z
    .string()
    .regex(/^[\x21-\x7e]{0,64}$/, { error: 'Write at most 64 visible ASCII characters.' })
    .default('portcullis:')
    .describe(
      'Stands before every key in Redis, so that several databases can share one: a prefix belongs to one of them.',
    ),
  dataDir: z
    .string()
    .min(1)
    .default('data')
    .describe('The folder of the embedded database, of development secrets and of the last good policy.'),
  policyFolders: z
    .array(z.string().min(1))
    .min(1, { error: 'Name at least one folder of policy files.' })
    .default(['policies'])
    .describe('Folders of policy files, read as one policy.'),
  policyTables: z
    .number()
    .int()
    .min(1)
    .max(4_096)
    .default(64)
    .describe(
      'The most memory for decisions that are remembered, in mebibytes: what was asked least lately is asked again.',
    ),
  secrets: z
    .array(
      z
        .string()
        .min(shortestSecret, { error: `A secret has at least ${shortestSecret} characters.` })
        .pipe(secret),
    )
    .min(1, { error: 'Give at least one secret.' })
    .optional()
    .describe(
      'The first encrypts short-lived cookies; all decrypt. To rotate, put a new one in front and remove the old one a day later.',
    ),
  trustedProxies: z
    .array(network)
    .default([])
    .describe('Addresses or networks of the proxies in front, whose X-Forwarded-For is believed.'),
  corsOrigins: z
    .array(origin('https://app.example.com'))
    .default([])
    .describe('Other origins whose pages may call /graphql with cookies.'),
  bodyLimit: z
    .number()
    .int()
    .min(1_024)
    .default(100_000)
    .describe('The largest accepted request body, in bytes.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'Write debug, info, warn, error or silent.',
    })
    .default('info')
    .describe('The least important lines to log.'),
  sessions: z
    .strictObject({
      idle: durationSetting('12h', 'A session ends when it was not used for this long.'),
      absolute: durationSetting('7d', 'A session ends this long after the login, used or not.'),
    })
    .prefault({})
    .describe('How long a login lasts. A change holds for existing sessions at once.'),
  throttle: loginThrottleSettings.prefault({}).describe('How many failed logins are taken, and from where.'),
  passwords: passwordSettings.prefault({}).describe('Passwords and what hashing them may cost.'),
  audit: auditSettings.prefault({}).describe('The record of what happened: see docs/audit.md.'),
  attributes: z
    .record(
      z.string().refine(isAttributeName, {
        error: 'An attribute is named in letters, digits and _, a lower-case letter first.',
      }),
      z.enum(['string', 'number', 'boolean', 'strings']),
    )
    .default({})
    .describe('The attributes that accounts may have and that policies may name, with their kinds.'),
  graphql: graphqlSettings.prefault({}).describe('Limits on GraphQL operations.'),
  metrics: metricsSettings.prefault({}).describe('Numbers for Prometheus.'),
  shutdown: shutdownSettings.prefault({}).describe('How a server ends that is asked to stop.'),
  graphiqlQuery: z.string().optional().describe('What GraphiQL shows at first, in development.'),
  authenticators: z
    .array(
      z.custom<AuthenticatorEntry>((value) => typeof value === 'object' && value !== null && 'use' in value),
    )
    .min(1, { error: 'Without an authenticator nobody can log in.' })
    .default([{ use: 'password' }])
    .describe('Ways to log in, in the order in which they are tried: { use, name?, options? }.'),
  modules: z
    .array(
      z.custom<Module<CoreServices>>(
        (value) => typeof value === 'object' && value !== null && 'typeDefs' in value,
      ),
    )
    .default([])
    .describe('GraphQL modules of yours, made by defineModule.'),
  started: z
    .custom<Started>((value) => typeof value === 'function')
    .nullable()
    .default(null)
    .describe(
      'Called once everything is built, before the first request is taken: to seed, to warm up. Of several workers the ' +
        'first calls it, and whichever takes its place.',
    ),
});

/** What a configuration file exports. Everything may be left out. */
export type PortcullisConfig = z.input<typeof settingsSchema>;

/** The settings in force: checked, completed, paths absolute. */
export interface Settings extends Omit<z.output<typeof settingsSchema>, 'publicUrl' | 'secrets'> {
  readonly publicUrl: URL;
  /** `null` where none are configured: a server makes its own then, but not in production. */
  readonly secrets: readonly Secret[] | null;
  /** The folder that relative names of packages and files are seen from. */
  readonly base: string;
}

/** Gives a configuration file its types. */
export const defineConfig = (config: PortcullisConfig): PortcullisConfig => config;

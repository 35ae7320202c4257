import { delimiter } from 'node:path';

type Read = (text: string) => unknown;

const text: Read = (value) => value;
const list =
  (separator: string): Read =>
  (value) =>
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
/** Digits become a number; anything else stays text, for the schema to refuse with the name of the setting. */
const number: Read = (value) => (/^\d+$/.test(value) ? Number(value) : value);

/** Tests are a kind of development. Any other word is for the schema to refuse: `Production` must not mean development. */
const mode: Read = (value) => (value === 'test' ? 'development' : value);

/** The environment variables that are read, the setting each one gives, and how its text is read. */
export const environmentVariables: Readonly<Record<string, { setting: string; read: Read }>> = {
  NODE_ENV: { setting: 'mode', read: mode },
  HOST: { setting: 'host', read: text },
  PORT: { setting: 'port', read: number },
  WORKERS: { setting: 'workers', read: number },
  PUBLIC_URL: { setting: 'publicUrl', read: text },
  DATABASE_URL: { setting: 'databaseUrl', read: text },
  REDIS_URL: { setting: 'redisUrl', read: text },
  DATA_DIR: { setting: 'dataDir', read: text },
  POLICY_DIR: { setting: 'policyFolders', read: list(delimiter) },
  SECRETS: { setting: 'secrets', read: list(',') },
  TRUSTED_PROXIES: { setting: 'trustedProxies', read: list(',') },
  LOG_LEVEL: { setting: 'logLevel', read: text },
  METRICS_PORT: { setting: 'metrics.port', read: number },
  METRICS_HOST: { setting: 'metrics.host', read: text },
};

type Given = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is Given => typeof value === 'object' && value !== null;

/**
 * Settings with what the environment gives over them. An empty variable counts as unset; of a section (`metrics.port`)
 * the other members stay.
 */
export function withEnvironment(given: Given, env: NodeJS.ProcessEnv): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...given };
  for (const [name, { setting, read }] of Object.entries(environmentVariables)) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const [section = setting, member] = setting.split('.');
    const before = settings[section];
    if (member === undefined) settings[section] = read(value);
    // What is no section is for the schema to refuse.
    else if (before === undefined || isSection(before))
      settings[section] = { ...before, [member]: read(value) };
  }
  return settings;
}

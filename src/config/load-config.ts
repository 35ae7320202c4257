import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { z } from 'zod';
import { OperatorError } from '../core/errors.ts';
import { environmentVariables, withEnvironment } from './environment.ts';
import { type PortcullisConfig, type Settings, settingsSchema } from './settings.ts';

export interface ConfigSource {
  /** The file that `--config` names; `null` looks for `portcullis.config.ts` or `.js` in the working directory. */
  readonly file: string | null;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

const defaultFiles = ['portcullis.config.ts', 'portcullis.config.js'];

/**
 * Everything the server runs on: the file's settings, and over them the environment's.
 * @throws OperatorError with every fault at once, each with the setting's name and the variable that gives it.
 */
export async function loadConfig(source: ConfigSource): Promise<Settings> {
  const file = findConfigFile(source);
  const fromFile = file === null ? {} : await readConfigFile(file);
  return parseSettings(
    withEnvironment(fromFile, source.env),
    file === null ? source.cwd : dirname(file),
    source.cwd,
  );
}

/** The settings of a configuration object, checked and completed. Relative paths of the object are of `base`. */
export function parseSettings(
  config: PortcullisConfig | Record<string, unknown>,
  base: string,
  cwd = base,
): Settings {
  const parsed = settingsSchema.safeParse(config);
  if (!parsed.success) throw new OperatorError(parsed.error.issues.map(showIssue));
  const settings = parsed.data;
  const publicUrl = settings.publicUrl ?? `http://localhost:${settings.port}`;
  const dataDir = resolve(cwd, settings.dataDir);
  return {
    ...settings,
    publicUrl: new URL(publicUrl),
    dataDir,
    policyFolders: settings.policyFolders.map((folder) => resolve(cwd, folder)),
    secrets: settings.secrets ?? null,
    base,
  };
}

/** The path of the file to read, `null` where there is none. */
export function findConfigFile({ file, cwd }: ConfigSource): string | null {
  if (file === null) return defaultFiles.map((name) => resolve(cwd, name)).find(existsSync) ?? null;
  const path = resolve(cwd, file);
  if (!existsSync(path)) {
    throw new OperatorError(`There is no configuration file ${path}. Name one that exists with --config.`);
  }
  return path;
}

/** What the file exports. */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  let loaded: unknown;
  try {
    loaded = await createJiti(import.meta.url).import(path, { default: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OperatorError(
      `${path} can't be loaded: ${reason}. Mend it, or name another file with --config.`,
      cause,
    );
  }
  const object = z.record(z.string(), z.unknown()).safeParse(loaded);
  if (!object.success) {
    throw new OperatorError(
      `${path} must export its settings as default: export default defineConfig({ … }).`,
    );
  }
  return object.data;
}

/** A fault of the settings as a sentence with the setting's name and the variable that gives it. */
export function showIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => [...issue.path, key].join('.')).join(', ');
    return `There is no setting ${names}. See docs/configuration.md.`;
  }
  const setting = issue.path.join('.');
  const variable = Object.entries(environmentVariables).find(
    ([, each]) => setting === each.setting || setting.startsWith(`${each.setting}.`),
  )?.[0];
  const name =
    setting === '' ? 'The configuration' : variable === undefined ? setting : `${setting} (${variable})`;
  return `${name}: ${issue.message}`;
}

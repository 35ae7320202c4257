import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { OperatorError } from '../core/errors.ts';
import { environmentVariables, withEnvironment } from './environment.ts';
import {
  type ConfigSource,
  findConfigFile,
  parseSettings,
  readConfigFile,
  showIssue,
} from './load-config.ts';
import { type Settings, settingsSchema } from './settings.ts';

/** A configuration, good or not. */
export interface ConfigInspection {
  readonly file: string | null;
  /** The environment variables that say something. */
  readonly variables: readonly string[];
  /** Every fault, as `loadConfig` would tell it. */
  readonly faults: readonly string[];
  /** What there is without the settings that are at fault: each of those has its default here, and is in `unknown`. */
  readonly settings: Settings;
  readonly unknown: ReadonlySet<string>;
}

type Given = Readonly<Record<string, unknown>>;

/**
 * Reads the configuration as `loadConfig` does, and as far as it can be read.
 *
 * @param patienceMs how long the configuration file may take: it is a program, and may wait for something
 */
export async function inspectConfig(source: ConfigSource, patienceMs: number): Promise<ConfigInspection> {
  const fromEnvironment = withEnvironment({}, source.env);
  const read = await readFile(source, patienceMs);
  const given: Given = withEnvironment(read.settings ?? {}, source.env);
  const issues = settingsSchema.safeParse(given).error?.issues ?? [];
  const atFault = new Set(issues.flatMap(namesOf));
  const sound = Object.fromEntries(Object.entries(given).filter(([name]) => !atFault.has(name)));
  // Whatever the environment does not say, a file that could not be read may have said.
  const unread = read.settings === null ? Object.keys(settingsSchema.shape) : [];
  const unknown = new Set([...atFault, ...unread.filter((name) => !(name in fromEnvironment))]);
  // It follows from the port where nobody gives it.
  if (unknown.has('port') && !('publicUrl' in given)) unknown.add('publicUrl');
  return {
    file: read.file,
    variables: Object.keys(environmentVariables).filter((name) => (source.env[name] ?? '') !== ''),
    faults: [...read.faults, ...issues.map(showIssue)],
    settings: parseSettings(sound, read.file === null ? source.cwd : dirname(read.file), source.cwd),
    unknown,
  };
}

/** The settings that an issue is about, by their names at the top. */
const namesOf = (issue: z.core.$ZodIssue): readonly string[] =>
  issue.path.length === 0 && issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])];

interface FileReading {
  readonly file: string | null;
  /** `null` where they could not be read. */
  readonly settings: Given | null;
  readonly faults: readonly string[];
}

async function readFile(source: ConfigSource, patienceMs: number): Promise<FileReading> {
  let file: string | null = null;
  try {
    file = findConfigFile(source);
    if (file === null) return { file, settings: {}, faults: [] };
    return { file, settings: await readInTime(file, patienceMs), faults: [] };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { file, settings: null, faults: error.faults };
  }
}

async function readInTime(file: string, patienceMs: number): Promise<Given> {
  const done = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: done.signal }).then(() => {
    throw new OperatorError(
      `${file} was not loaded within ${patienceMs / 1_000} s. Let it export its settings without waiting for anything.`,
    );
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([readConfigFile(file), late]);
  } finally {
    done.abort();
  }
}

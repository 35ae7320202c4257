import type { Command } from 'commander';
import { type ConfigSource, loadConfig } from '../config/load-config.ts';
import type { Settings } from '../config/settings.ts';
import { type Foundation, openFoundation } from '../foundation.ts';
import { commandLog } from './command-log.ts';

/** What a command works on: the server's own store, policy and accounts, opened beside it or without it. */
export type Workplace = Foundation;

/** Where `serve` would read its settings, given the same flags and environment. */
export function configSource(command: Command): ConfigSource {
  const { config } = command.optsWithGlobals<{ config?: string }>();
  return { file: config ?? null, env: process.env, cwd: process.cwd() };
}

/** The settings that `serve` would run on. */
export const loadSettings = (command: Command): Promise<Settings> => loadConfig(configSource(command));

/** Opens the workplace, works, and closes it whatever happens. */
export async function withWorkplace(
  command: Command,
  work: (workplace: Workplace) => Promise<void>,
): Promise<void> {
  const settings = await loadSettings(command);
  const workplace = await openFoundation(settings, { log: commandLog, role: 'command' });
  try {
    await work(workplace);
  } finally {
    await workplace.close();
  }
}

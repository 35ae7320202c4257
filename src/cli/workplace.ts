import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import type { Settings } from '../config/settings.ts';
import { type Foundation, openFoundation } from '../foundation.ts';
import { commandLog } from './command-log.ts';

/** Who the command line acts as, in records of who did what. */
export const operator = 'operator';

/** What a command works on: the server's own store, policy and accounts, opened beside it or without it. */
export type Workplace = Foundation;

/** The settings that `serve` would run on, given the same flags and environment. */
export async function loadSettings(command: Command): Promise<Settings> {
  const { config } = command.optsWithGlobals<{ config?: string }>();
  return await loadConfig({ file: config ?? null, env: process.env, cwd: process.cwd() });
}

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

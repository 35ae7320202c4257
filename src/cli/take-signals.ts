import { constants } from 'node:os';

/**
 * What SIGINT and SIGTERM mean: once the server runs, the first one asks it to stop. While it starts, and when it was asked
 * already, either ends the process at once. The system alone would not end one that is the first of its container.
 */
export function takeSignals(): { asked(): Promise<NodeJS.Signals> } {
  let ask: ((signal: NodeJS.Signals) => void) | null = null;
  const take = (signal: NodeJS.Signals): void => {
    if (ask === null) process.exit(128 + constants.signals[signal]);
    ask(signal);
    ask = null;
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return { asked: () => new Promise((resolve) => (ask = resolve)) };
}

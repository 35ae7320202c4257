import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load-config.ts';
import { takeOrders } from '../workers/take-orders.ts';
import { work } from '../workers/work.ts';
import { reportFailure } from './report-failure.ts';

/** The process of one worker, started by `serve --workers N` and by nobody else. Answers the exit code; never throws. */
async function main(): Promise<number> {
  const orders = takeOrders();
  try {
    const { values } = parseArgs({
      options: { worker: { type: 'string' }, replaces: { type: 'boolean' }, config: { type: 'string' } },
    });
    const place = { worker: Number(values.worker), replaces: values.replaces === true };
    const source = { file: values.config ?? null, env: process.env, cwd: process.cwd() };
    return await work(await loadConfig(source), place, orders);
  } catch (error) {
    return reportFailure(error);
  }
}

// A timer of somebody's resolver or authenticator must not keep a server that is closed.
process.exit(await main());

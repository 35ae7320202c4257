import type { Logger } from 'typeorm';
import type { Log } from '../core/log.ts';

const nothing = (): void => undefined;

/** TypeORM's log in ours. Statements are left out: their parameters are nobody's to read. */
export const typeormLog = (log: Log): Logger => ({
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: (message) => log.debug({}, message),
  logMigration: (message) => log.debug({}, message),
  log(level, message) {
    if (level === 'warn') log.warn({ event: 'database.warned' }, String(message));
    else log.debug({}, String(message));
  },
});

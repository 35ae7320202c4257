import { findEvents } from '../audit/events.ts';
import type { Clock } from '../core/clock.ts';
import { parseDuration } from '../core/duration.ts';
import { PortcullisError } from '../core/errors.ts';
import { parseUsername } from '../core/names.ts';
import type { AuditFilter } from '../store/contract/audit.ts';
import type { UserRepository } from '../store/contract/users.ts';

/** The options of `audit list` as they are typed. */
export interface AuditFilterOptions {
  readonly event?: string;
  readonly subject?: string;
  /** A username. */
  readonly account?: string;
  readonly since?: string;
  readonly until?: string;
}

interface Needs {
  readonly users: Pick<UserRepository, 'findByUsername'>;
  readonly clock: Clock;
}

/** @throws PortcullisError BAD_USER_INPUT, or NOT_FOUND for an account that is not there */
export async function parseAuditFilter(
  { event, subject, account, since, until }: AuditFilterOptions,
  { users, clock }: Needs,
): Promise<AuditFilter> {
  if (event !== undefined && findEvents(event).length === 0) {
    throw badInput(
      `There is no event ${event}. Write a whole name such as login.failed, or a kind such as "login."`,
    );
  }
  return {
    ...(event === undefined ? {} : { event }),
    ...(subject === undefined ? {} : { subject }),
    ...(account === undefined ? {} : { about: await loadAccountId(account, users) }),
    ...(since === undefined ? {} : { from: parseMoment(since, '--since', clock) }),
    ...(until === undefined ? {} : { until: parseMoment(until, '--until', clock) }),
  };
}

async function loadAccountId(name: string, users: Needs['users']): Promise<string> {
  const username = parseUsername(name);
  const user = username === null ? null : await users.findByUsername(username);
  if (user === null) {
    throw new PortcullisError('NOT_FOUND', {
      message: `There is no account ${name}. What one that was deleted did is found by --subject user:${name}.`,
    });
  }
  return user.id;
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A length of time counts back from now; a day begins in UTC. */
function parseMoment(text: string, option: string, clock: Clock): number {
  const ago = parseDuration(text);
  if (ago !== null) return clock.now() - ago;
  const moment = rfc3339.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(moment)) {
    throw badInput(
      `${option} takes a length of time such as 24h or 7d, or a moment such as 2026-11-20T09:30:00Z.`,
    );
  }
  return moment;
}

const mostRecords = 1_000;

/** How many records an option asks for. */
export function parseRecordCount(text: string, least: number, option: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= mostRecords)) {
    throw badInput(`${option} takes a whole number from ${least} to ${mostRecords}.`);
  }
  return number;
}

const badInput = (message: string): PortcullisError => new PortcullisError('BAD_USER_INPUT', { message });

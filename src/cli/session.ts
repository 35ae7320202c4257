import type { Command } from 'commander';
import { operator } from '../accounts/actor.ts';
import { PortcullisError } from '../core/errors.ts';
import { openSessions } from '../open-sessions.ts';
import type { SessionBackend } from '../sessions/sessions.ts';
import type { SessionRow } from '../store/contract/sessions.ts';
import type { UserRow } from '../store/contract/users.ts';
import { eachAccount } from './each-account.ts';
import { type OutputOptions, printJson, printOutcome, printTable } from './output.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

interface ListOptions extends OutputOptions {
  readonly user?: string;
}

interface EndOptions extends ListOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** The workplace with the sessions that the server uses: in the database, or in Redis. */
interface Desk extends Workplace {
  readonly sessions: SessionBackend;
}

export function addSessionCommands(program: Command): void {
  const session = program.command('session').description('who is logged in, and from where');

  session
    .command('list')
    .description('sessions that are alive, newest use first')
    .option('--user <username>', 'those of one account')
    .option('--json', 'print JSON')
    .action(async (options: ListOptions, command: Command) => {
      await withSessions(command, async (desk) => {
        const rows = (await loadSessions(desk, options)).map(showSession);
        if (options.json === true) printJson(rows);
        else {
          printTable(
            ['ID', 'USER', 'AUTHENTICATOR', 'LOGGED IN', 'LAST USED', 'ADDRESS', 'AGENT'],
            rows.map((row) => [
              row.id,
              row.username,
              row.authenticator,
              row.createdAt,
              row.lastUsedAt,
              row.address ?? '',
              cut(row.userAgent ?? ''),
            ]),
          );
        }
      });
    });

  session
    .command('end [id]')
    .description('end one session, those of an account, or all of them; acts at the next request')
    .option('--user <username>', 'every session of this account')
    .option('--all', 'every session there is; asks for --yes')
    .option('--yes', 'yes, everybody is to log in again')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options: EndOptions, command: Command) => {
      checkChoice(id, options);
      const { user } = options;
      if (id !== undefined) await withSessions(command, (desk) => endOne(desk, id, options));
      else if (user !== undefined) await withWorkplace(command, (desk) => endThoseOf(desk, user, options));
      else await withSessions(command, (desk) => endAll(desk, options));
    });
}

/** One of the three, and nothing by mistake. */
function checkChoice(id: string | undefined, { user, all, yes }: EndOptions): void {
  const chosen = [id, user, all].filter((each) => each !== undefined).length;
  if (chosen !== 1) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message:
        'Say which: the id of one session ("portcullis session list" shows them), --user NAME, or --all.',
    });
  }
  if (all === true && yes !== true) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: 'This logs everybody out. Add --yes if that is meant. Nothing was changed.',
    });
  }
}

const withSessions = (command: Command, work: (desk: Desk) => Promise<void>): Promise<void> =>
  withWorkplace(command, async (workplace) => {
    await work({ ...workplace, sessions: await openSessions(workplace) });
  });

const aliveNow = ({ settings, clock }: Desk) => ({ ...settings.sessions, now: clock.now() });

type NamedSession = SessionRow & { readonly username: string };

async function loadSessions(desk: Desk, options: ListOptions): Promise<readonly NamedSession[]> {
  const found: NamedSession[] = [];
  const look = async ({ id, username }: UserRow): Promise<void> => {
    for (const row of await desk.sessions.list(id, aliveNow(desk))) found.push({ ...row, username });
  };
  if (options.user !== undefined) await look(await desk.accounts.byUsername(options.user));
  else await eachAccount(desk, 'Reading sessions', options, look);
  return found.sort((a, b) => b.lastUsedAt - a.lastUsedAt);
}

async function endOne(desk: Desk, id: string, options: EndOptions): Promise<void> {
  const row = await desk.sessions.findByPublicId(id, aliveNow(desk));
  if (row === null || !(await desk.sessions.endByPublicId(row.userId, id, desk.clock.now()))) {
    throw new PortcullisError('NOT_FOUND', {
      message: 'No session that is alive has that id. "portcullis session list" shows them.',
    });
  }
  desk.audit.record({
    event: 'session.ended',
    origin: operator.origin,
    accountId: row.userId,
    details: { session: id, authenticator: row.authenticator },
  });
  const username = (await desk.store.users.find(row.userId))?.username ?? null;
  printOutcome(
    options,
    { id, username, ended: 1 },
    `The session of ${username === null ? 'an account that is gone' : `user:${username}`} has ended.`,
  );
}

/** Asks for no list: it works while Redis is away, and a session that begins meanwhile has ended too. */
async function endThoseOf({ accounts }: Workplace, name: string, options: EndOptions): Promise<void> {
  const { id, username } = await accounts.byUsername(name);
  await accounts.endSessions(id, operator);
  printOutcome(options, { username }, `Every session of user:${username} has ended.`);
}

async function endAll(desk: Desk, options: EndOptions): Promise<void> {
  let ended = 0;
  let accounts = 0;
  await eachAccount(desk, 'Ending sessions', options, async ({ id }) => {
    const { length } = await desk.sessions.list(id, aliveNow(desk));
    if (length === 0 || !(await endThose(desk, id))) return;
    ended += length;
    accounts += 1;
  });
  printOutcome(
    options,
    { ended, accounts },
    `${countOf(ended, 'session')} of ${countOf(accounts, 'account')} ${ended === 1 ? 'has' : 'have'} ended.`,
  );
}

/** `false` where the account was deleted meanwhile, and its sessions with it. */
async function endThose({ accounts }: Workplace, userId: string): Promise<boolean> {
  try {
    await accounts.endSessions(userId, operator);
    return true;
  } catch (error) {
    if (error instanceof PortcullisError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const showSession = (row: NamedSession) => ({
  id: row.publicId,
  username: row.username,
  authenticator: row.authenticator,
  amr: row.amr,
  aal: row.aal,
  createdAt: new Date(row.createdAt).toISOString(),
  lastUsedAt: new Date(row.lastUsedAt).toISOString(),
  address: row.address,
  userAgent: row.userAgent,
});

const longestAgent = 60;
const cut = (text: string): string =>
  text.length <= longestAgent ? text : `${text.slice(0, longestAgent - 1)}…`;

import type { Command } from 'commander';
import { PortcullisError } from '../core/errors.ts';
import type { Attributes } from '../core/principal.ts';
import type { AccountStatus, AttributeChanges, UserRow } from '../store/contract/users.ts';
import { operator } from '../accounts/actor.ts';
import { allPages } from '../accounts/all-pages.ts';
import { type OutputOptions, printJson, printOutcome, printTable } from './output.ts';
import { parseAttributes } from './parse-attributes.ts';
import { withProgress } from './progress.ts';
import { readPassword } from './read-password.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

interface PasswordOptions extends OutputOptions {
  readonly passwordStdin?: boolean;
}

interface RenameOptions extends OutputOptions {
  readonly name?: string;
}

interface CreateOptions extends PasswordOptions {
  readonly name?: string;
  readonly email?: string;
  readonly attribute: readonly string[];
  readonly group: readonly string[];
  readonly password: boolean;
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

export function addUserCommands(program: Command): void {
  const user = program.command('user').description('accounts');

  user
    .command('create <username>')
    .description('make an account; asks for its password')
    .option('--name <name>', 'what to call them')
    .option('--email <address>', 'their e-mail address')
    .option(
      '--attribute <name=value>',
      'give it a declared attribute (more than once for several)',
      collect,
      [],
    )
    .option('--group <group>', 'join this group (more than once for several)', collect, [])
    .option('--password-stdin', 'read the password from standard input')
    .option('--no-password', 'make an account that cannot log in with a password')
    .option('--json', 'print JSON')
    .action(async (username: string, options: CreateOptions, command: Command) => {
      const password = options.password ? await readPassword(options.passwordStdin === true, true) : null;
      await withWorkplace(command, async ({ accounts, settings }) => {
        const row = await accounts.create(
          {
            username,
            attributes: withoutNulls(parseAttributes(options.attribute, settings.attributes)),
            groups: options.group,
            ...(options.name === undefined ? {} : { name: options.name }),
            ...(options.email === undefined ? {} : { email: options.email }),
            ...(password === null ? {} : { password }),
          },
          operator,
        );
        printOutcome(options, showUser(row), `Made user:${row.username}.`);
      });
    });

  user
    .command('set-password <username>')
    .description("set an account's password and end all of its sessions")
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .action(async (username: string, options: PasswordOptions, command: Command) => {
      const password = await readPassword(options.passwordStdin === true, true);
      await withWorkplace(command, async ({ accounts }) => {
        const { id, username: name } = await accounts.byUsername(username);
        await accounts.setPassword(id, password, operator);
        printOutcome(
          options,
          { username: name },
          `user:${name} has a new password; every session has ended.`,
        );
      });
    });

  user
    .command('set-attribute <username> <name=value...>')
    .description('give an account declared attributes; name= removes one')
    .option('--json', 'print JSON')
    .action(async (username: string, assignments: string[], options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts, settings }) => {
        const { id, username: name } = await accounts.byUsername(username);
        const changes = parseAttributes(assignments, settings.attributes);
        await accounts.changeAttributes(id, changes, operator);
        printOutcome(
          options,
          { username: name, changes },
          `user:${name} has changed: ${Object.keys(changes).join(', ')}.`,
        );
      });
    });

  user
    .command('rename <username> [to]')
    .description('give an account another username; what it holds stays, what files give to a name does not')
    .option('--name <name>', 'what to call them')
    .option('--json', 'print JSON')
    .action(async (username: string, to: string | undefined, options: RenameOptions, command: Command) => {
      if (to === undefined && options.name === undefined)
        throw new PortcullisError('BAD_USER_INPUT', { message: 'Say the new username, or --name, or both.' });
      await withWorkplace(command, async ({ accounts }) => {
        const before = await accounts.byUsername(username);
        const row = await accounts.rename(
          before.id,
          {
            ...(to === undefined ? {} : { username: to }),
            ...(options.name === undefined ? {} : { name: options.name }),
          },
          operator,
        );
        const called = row.name === '' ? '' : `, ${row.name}`;
        printOutcome(options, showUser(row), `user:${before.username} is now user:${row.username}${called}.`);
      });
    });

  user
    .command('list')
    .description('accounts, by name')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions, command: Command) => {
      await withWorkplace(command, async (workplace) => {
        const rows = await listUsers(workplace, options);
        if (options.json === true) printJson(rows);
        else {
          printTable(
            ['USERNAME', 'NAME', 'STATUS', 'GROUPS'],
            rows.map((row) => [row.username, row.name, row.status, row.groups.join(', ')]),
          );
        }
      });
    });

  addStatusCommand(user, 'suspend', 'suspended', 'stop an account from doing anything, and end its sessions');
  addStatusCommand(user, 'reactivate', 'active', 'let a suspended account log in again');

  user
    .command('delete <username>')
    .description('delete an account for good')
    .option('--json', 'print JSON')
    .action(async (username: string, options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        const { id, username: name } = await accounts.byUsername(username);
        await accounts.delete(id, operator);
        printOutcome(options, { username: name }, `user:${name} is gone.`);
      });
    });
}

function addStatusCommand(user: Command, verb: string, to: AccountStatus, description: string): void {
  user
    .command(`${verb} <username>`)
    .description(description)
    .option('--json', 'print JSON')
    .action(async (username: string, options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        const { id, username: name } = await accounts.byUsername(username);
        await accounts.changeStatus(id, to, operator);
        printOutcome(options, { username: name, status: to }, `user:${name} is ${to}.`);
      });
    });
}

const withoutNulls = (changes: AttributeChanges): Attributes =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );

const showUser = (row: UserRow) => ({
  id: row.id,
  username: row.username,
  name: row.name,
  status: row.status,
  createdAt: new Date(row.createdAt).toISOString(),
});

async function listUsers({ store }: Workplace, options: OutputOptions) {
  const all: (ReturnType<typeof showUser> & { groups: readonly string[] })[] = [];
  const total = await store.users.count();
  await withProgress('Reading accounts', total, options, async ({ to }) => {
    for await (const rows of allPages((page) => store.users.list(page))) {
      const groups = await store.groups.groupsOf(rows.map((row) => row.id));
      all.push(...rows.map((row) => ({ ...showUser(row), groups: groups.get(row.id) ?? [] })));
      to(all.length, total);
    }
  });
  return all;
}

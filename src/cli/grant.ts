import type { Command } from 'commander';
import { operator } from '../accounts/actor.ts';
import { PortcullisError } from '../core/errors.ts';
import type { NamedGrantRow } from '../store/contract/grants.ts';
import { type OutputOptions, printJson, printOutcome, printTable } from './output.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

interface GrantOptions extends OutputOptions {
  readonly action: string;
}

interface RevokeOptions extends OutputOptions {
  readonly action?: string;
  readonly id?: string;
}

export function addGrantCommands(program: Command): void {
  program
    .command('grant <subject> <permission>')
    .description('give user:<name> or group:<name> a permission; acts at the next request')
    .option('--action <action>', 'read, write or subscribe: only that part of the permission', '*')
    .option('--json', 'print JSON')
    .action(async (subject: string, permission: string, options: GrantOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        const { action } = options;
        const { grant, added } = await accounts.grant({ subject, permission, action }, operator);
        const sentence = added
          ? `${grant.subject} now has ${showWhat(grant)}.`
          : `${grant.subject} had ${showWhat(grant)} already.`;
        printOutcome(options, { ...showGrant(grant), changed: added }, sentence);
      });
    });

  program
    .command('revoke [subject] [permission]')
    .description('take a permission that was granted away again; acts at the next request')
    .option('--action <action>', 'only the grant of that part of it')
    .option('--id <id>', 'the grant of that id, as "portcullis grants" shows it')
    .option('--json', 'print JSON')
    .action(
      async (
        subject: string | undefined,
        permission: string | undefined,
        options: RevokeOptions,
        command: Command,
      ) => {
        await withWorkplace(command, async (workplace) => {
          const ids = await findGrants(workplace, subject, permission, options);
          const revoked: NamedGrantRow[] = [];
          for (const id of ids) revoked.push(await workplace.accounts.revoke(id, operator));
          const sentences = revoked.map(
            (grant) => `${grant.subject} no longer has ${showWhat(grant)} by a grant.`,
          );
          printOutcome(options, revoked.map(showGrant), sentences.join('\n'));
        });
      },
    );

  program
    .command('grants')
    .description('what was granted at run time, oldest first')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ store }) => {
        const rows = (await store.grants.list()).map(showGrant);
        if (options.json === true) printJson(rows);
        else {
          printTable(
            ['ID', 'SUBJECT', 'PERMISSION', 'ACTION', 'BY', 'AT'],
            rows.map(({ id, subject, permission, action, by, at }) => [
              id,
              subject,
              permission,
              action,
              by,
              at,
            ]),
          );
        }
      });
    });
}

/** What is to be revoked: one grant by its id, or every grant of a permission to a subject. */
async function findGrants(
  { accounts, store }: Workplace,
  subject: string | undefined,
  permission: string | undefined,
  { id, action }: RevokeOptions,
): Promise<readonly string[]> {
  if (id !== undefined && subject === undefined) return [id];
  if (id !== undefined || subject === undefined || permission === undefined) {
    throw new PortcullisError('BAD_USER_INPUT', {
      message: 'Say which: a subject and a permission, or --id ("portcullis grants" shows them).',
    });
  }
  const named = subject.startsWith('user:')
    ? `user:${(await accounts.byUsername(subject.slice('user:'.length))).username}`
    : subject;
  const found = (await store.grants.list()).filter(
    (grant) =>
      grant.subject === named &&
      grant.permission === permission &&
      (action === undefined || grant.action === action),
  );
  if (found.length > 0) return found.map((grant) => grant.id);
  throw new PortcullisError('NOT_FOUND', {
    message: `Nobody granted ${permission} to ${named} at run time; a policy file may give it. "portcullis grants" shows what was granted.`,
  });
}

const showWhat = ({ permission, action }: NamedGrantRow): string =>
  action === '*' ? permission : `${permission} (${action})`;

const showGrant = ({ id, subject, permission, action, by, at }: NamedGrantRow) => ({
  id,
  subject,
  permission,
  action,
  by,
  at: new Date(at).toISOString(),
});

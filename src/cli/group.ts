import type { Command } from 'commander';
import { operator } from '../accounts/actor.ts';
import { allPages } from '../accounts/all-pages.ts';
import { type OutputOptions, printJson, printOutcome, printTable } from './output.ts';
import { withProgress } from './progress.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

export function addGroupCommands(program: Command): void {
  const group = program.command('group').description('groups and who is in them');

  group
    .command('add <group> <member>')
    .description('put user:<name> or group:<name> into a group')
    .option('--json', 'print JSON')
    .action(async (name: string, member: string, options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        const added = await accounts.addToGroup(bareName(name), member, operator);
        const sentence = added
          ? `${member} is now in group:${bareName(name)}.`
          : `${member} was in group:${bareName(name)} already.`;
        printOutcome(options, { group: bareName(name), member, changed: added }, sentence);
      });
    });

  group
    .command('remove <group> <member>')
    .description('take user:<name> or group:<name> out of a group')
    .option('--json', 'print JSON')
    .action(async (name: string, member: string, options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        const removed = await accounts.removeFromGroup(bareName(name), member, operator);
        const sentence = removed
          ? `${member} is no longer in group:${bareName(name)}.`
          : `${member} was not in group:${bareName(name)}.`;
        printOutcome(options, { group: bareName(name), member, changed: removed }, sentence);
      });
    });

  group
    .command('create <group>')
    .description('make an empty group')
    .option('--json', 'print JSON')
    .action(async (name: string, options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        const made = await accounts.createGroup(bareName(name), operator);
        printOutcome(options, { group: made.name }, `Made group:${made.name}.`);
      });
    });

  group
    .command('delete <group>')
    .description('delete a group with its memberships, nestings and grants; not one that a policy file names')
    .option('--json', 'print JSON')
    .action(async (name: string, options: OutputOptions, command: Command) => {
      await withWorkplace(command, async ({ accounts }) => {
        await accounts.deleteGroup(bareName(name), operator);
        printOutcome(options, { group: bareName(name) }, `group:${bareName(name)} is gone.`);
      });
    });

  group
    .command('list')
    .description('every group of the policy files and of the database, with its members')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions, command: Command) => {
      await withWorkplace(command, async (workplace) => {
        const rows = await listGroups(workplace, options);
        if (options.json === true) printJson(rows);
        else
          printTable(
            ['GROUP', 'MEMBERS'],
            rows.map((row) => [row.group, row.members.join(', ')]),
          );
      });
    });
}

/** `support` and `group:support` name the same group here. */
const bareName = (name: string): string => name.replace(/^group:/, '');

async function listGroups({ store, policy }: Workplace, options: OutputOptions) {
  const snapshot = policy.current();
  const names = new Set([...snapshot.groups, ...(await store.groups.list()).map((row) => row.name)]);
  const groups: { group: string; members: readonly string[] }[] = [];
  await withProgress('Reading members', names.size, options, async ({ step }) => {
    for (const name of [...names].sort()) {
      const members = new Set(
        snapshot.rows.memberships.filter((row) => row.group === `group:${name}`).map((row) => row.member),
      );
      for await (const rows of allPages((page) => store.groups.membersOf(name, page))) {
        for (const row of rows) members.add(`user:${row.username}`);
      }
      groups.push({ group: name, members: [...members].sort() });
      step();
    }
  });
  return groups;
}

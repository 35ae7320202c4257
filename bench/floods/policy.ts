import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const groups = 250;
const perGroup = 20;

/** What rules are about: fields that the floods ask for, and others. */
const objects = ['User.id', 'User.name', 'User.email', 'User.status', 'User.createdAt', 'User.groups'].concat(
  ['Group.name', 'Query.users', 'Query.groups', 'Viewer.user', 'accounts.view_user', 'accounts.view_group'],
  [
    'User.*',
    'Group.*',
    'Session.id',
    'Session.createdAt',
    'Grant.id',
    'AuditRecord.id',
    'Session.*',
    'Grant.*',
  ],
);

export const floodGroup = (number: number): string => `flood-${number}`;

/** The shipped policy, with some 5,000 rules about 250 groups beside it. */
export async function writeFloodPolicy(folder: string): Promise<void> {
  await cp(new URL('../../policies', import.meta.url), folder, { recursive: true });
  const rows = Array.from({ length: groups }, (_, group) =>
    objects.slice(0, perGroup).map((object) => `p, group:${floodGroup(group)}, ${object}, *, allow`),
  ).flat();
  await writeFile(join(folder, 'floods.csv'), [...rows, ''].join('\n'));
}

import { builtInSubjects, isGroupName } from '../core/names.ts';

/** Why no group can be called that; `null` where one can. */
export const groupNameFault = (group: string): string | null =>
  isGroupName(group) && !builtInSubjects.some((subject) => subject === group)
    ? null
    : 'A group’s name has 1 to 64 lower-case letters, digits, dots, hyphens or underscores, and is not a built-in one.';

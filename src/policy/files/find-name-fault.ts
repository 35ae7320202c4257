import { actions, type SchemaCoordinates } from '../../core/coordinate.ts';
import {
  builtInSubjects,
  isCoordinate,
  isGroupName,
  isPermissionName,
  parseUsername,
} from '../../core/names.ts';
import { fault, quote, type Fault } from '../checks/report.ts';

const spellingRemedy = 'Take the spelling from the schema: "portcullis schema print" shows it.';

const subjectKinds = 'Write user:<name>, group:<name>, anonymous, authenticated or everyone.';

export const isBuiltIn = (subject: string): boolean => builtInSubjects.some((builtIn) => builtIn === subject);

/** `user:<canonical name>`, `group:<name>` or a built-in subject. */
export function findSubjectFault(subject: string): Fault | null {
  if (isBuiltIn(subject)) return null;
  if (subject.startsWith('user:')) return findUserFault(subject.slice('user:'.length));
  if (subject.startsWith('group:')) return findGroupFault(subject.slice('group:'.length));
  return fault(
    'subject-without-kind',
    `${quote(subject)} does not say what kind of subject it is.`,
    subjectKinds,
  );
}

function findUserFault(name: string): Fault | null {
  const canonical = parseUsername(name);
  if (canonical === name) return null;
  return canonical === null
    ? fault(
        'bad-subject',
        `No account can be called ${quote(name)}.`,
        'Use letters, digits and . _ @ + - after user:.',
      )
    : fault(
        'bad-subject',
        `${quote(name)} is not the canonical form of that name.`,
        `Write user:${canonical}.`,
      );
}

const findGroupFault = (name: string): Fault | null =>
  isGroupName(name)
    ? null
    : fault(
        'bad-subject',
        `No group can be called ${quote(name)}.`,
        'Use lower-case letters, digits and . _ - after group:, with a letter or digit at both ends.',
      );

/** The right side of a `g` row. Only the two rows of `builtin.csv` lead to a built-in subject. */
export function findMembershipFault(member: string, group: string): Fault | null {
  if (isBuiltIn(group)) {
    return group === 'everyone' && (member === 'authenticated' || member === 'anonymous')
      ? null
      : fault('built-in-group', `Rows do not say who is ${group}.`, 'Name a group of your own on the right.');
  }
  if (group.startsWith('user:')) {
    return fault(
      'user-as-group',
      `${quote(group)} is a user, and nobody can be a member of one.`,
      'Write the member first, then the group.',
    );
  }
  if (!group.startsWith('group:')) {
    return fault('subject-without-kind', `${quote(group)} is not a group.`, 'Write group:<name>.');
  }
  return findGroupFault(group.slice('group:'.length));
}

/** A permission, a coordinate of the schema, `Type.*`, and, where `everything` may be named, `*`. */
export function findObjectFault(
  object: string,
  schema: SchemaCoordinates,
  everything: boolean,
): Fault | null {
  if (object === '*' && everything) return null;
  if (object.includes('*')) return findStarFault(object, schema);
  if (isCoordinate(object) && schema.interfaceCoordinates.has(object)) {
    return fault(
      'interface-coordinate',
      `${object} is a field of an interface.`,
      'Name the fields of the object types that implement it.',
    );
  }
  if (isPermissionName(object)) return findAmbiguity(object, schema);
  if (isCoordinate(object)) {
    if (schema.coordinates.has(object)) return null;
    const meant = [...schema.coordinates].find((known) => known.toLowerCase() === object.toLowerCase());
    return fault(
      'unknown-coordinate',
      `The schema has no ${object}.`,
      meant === undefined ? spellingRemedy : `Write ${meant}.`,
    );
  }
  return fault(
    'bad-object',
    `${quote(object)} is neither a permission nor a coordinate.`,
    'Write app.verb_noun, Type.field or Type.*.',
  );
}

export const findPermissionFault = (permission: string, schema: SchemaCoordinates): Fault | null =>
  isPermissionName(permission)
    ? findAmbiguity(permission, schema)
    : fault(
        'not-a-permission',
        `${quote(permission)} is not the name of a permission.`,
        isCoordinate(permission)
          ? 'Write the field first, then the permission.'
          : 'Write app.verb_noun, lower case.',
      );

const findAmbiguity = (
  name: string,
  { coordinates, interfaceCoordinates }: SchemaCoordinates,
): Fault | null =>
  isCoordinate(name) && (coordinates.has(name) || interfaceCoordinates.has(name))
    ? fault(
        'ambiguous-name',
        `${name} is a permission and a coordinate.`,
        'Begin the names of GraphQL types with a capital.',
      )
    : null;

function findStarFault(object: string, schema: SchemaCoordinates): Fault | null {
  const type = /^([A-Za-z_][A-Za-z0-9_]*)\.\*$/.exec(object)?.[1];
  if (type === undefined) {
    return fault(
      'misplaced-star',
      `The star of ${quote(object)} stands where it means nothing.`,
      'Write Type.* or name the coordinates.',
    );
  }
  const isOf = (coordinate: string): boolean => coordinate.startsWith(`${type}.`);
  if ([...schema.interfaceCoordinates].some(isOf)) {
    return fault(
      'interface-coordinate',
      `${type} is an interface.`,
      'Name the object types that implement it.',
    );
  }
  return [...schema.coordinates].some(isOf)
    ? null
    : fault('unknown-type', `The schema has no object type ${quote(type)}.`, spellingRemedy);
}

export const findActionFault = (action: string): Fault | null =>
  action === '*' || actions.some((known) => known === action)
    ? null
    : fault('unknown-action', `${quote(action)} is not an action.`, `Write ${actions.join(', ')} or *.`);

export const findEffectFault = (effect: string): Fault | null =>
  effect === 'allow' || effect === 'deny'
    ? null
    : fault('unknown-effect', `${quote(effect)} is not an effect.`, 'Write allow or deny.');

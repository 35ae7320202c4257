import { isObjectType, type GraphQLResolveInfo } from 'graphql';
import { PortcullisError } from '../../../core/errors.ts';
import { isCoordinate } from '../../../core/names.ts';
import type { UserRow } from '../../../store/contract/users.ts';
import { defineModule } from '../../module.ts';
import { groupsAmong } from '../group/groups-among.ts';
import type { CoreServices } from '../core-services.ts';

/** Has nothing of its own: who is viewing is read from the context, which a login replaces. */
export interface Viewer {
  readonly type: 'viewer';
}
export const viewer: Viewer = Object.freeze({ type: 'viewer' });

const mostChecks = 100;

/** Who a request acts as. */
export const viewerModule = defineModule<CoreServices, { readonly user: UserRow }>({
  name: 'viewer',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      viewer: () => viewer,
    },
    Viewer: {
      subject: (_: Viewer, _args: object, { principal }) => principal.subject,
      kind: (_: Viewer, _args: object, { principal }) => principal.kind.toUpperCase(),
      user: (_: Viewer, _args: object, { principal, account, load }) =>
        principal.kind !== 'user' ? null : account?.id === principal.id ? account : load.user(principal.id),
      authentication: (_: Viewer, _args: object, { principal }) =>
        principal.kind === 'user' ? principal.authentication : null,
      groups: (_: Viewer, _args: object, { principal, snapshot }) =>
        groupsAmong(snapshot.subjectsOf(principal)),
      can: (_: Viewer, args: { checks: readonly { coordinate: string }[] }, { decisions }, info) => {
        if (args.checks.length > mostChecks) {
          throw new PortcullisError('BAD_USER_INPUT', {
            message: `Ask about at most ${mostChecks} fields at a time.`,
          });
        }
        return args.checks.map(({ coordinate }) => {
          checkCoordinate(coordinate, info);
          return { coordinate, answer: decisions.preview(coordinate).effect.toUpperCase() };
        });
      },
    },
  },
});

function checkCoordinate(
  text: string,
  { schema }: GraphQLResolveInfo,
): asserts text is `${string}.${string}` {
  const [typeName = '', fieldName = ''] = text.split('.');
  const type = schema.getType(typeName);
  if (isCoordinate(text) && isObjectType(type) && Object.hasOwn(type.getFields(), fieldName)) return;
  throw new PortcullisError('BAD_USER_INPUT', {
    message: `The schema has no field "${text.slice(0, 100)}".`,
  });
}

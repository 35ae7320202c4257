import type { Coordinate } from '../../../core/coordinate.ts';
import { defineModule } from '../../module.ts';
import { pageOfList, type PageArguments } from '../../pagination.ts';

interface Permission {
  readonly name: string;
  readonly coordinates: readonly Coordinate[];
}

/** What permissions cover, as the request's snapshot has them. */
export const permissionModule = defineModule<unknown>({
  name: 'permission',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      permissions: (_: unknown, args: PageArguments, { snapshot }) => {
        const permissions = [...snapshot.permissions]
          .map(([name, covered]): Permission => ({ name, coordinates: [...covered].sort() }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        return pageOfList(args, permissions, (permission) => permission.name);
      },
    },
  },
});

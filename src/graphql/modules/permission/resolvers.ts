import type { Coordinate } from '../../../core/coordinate.ts';
import { defineModule } from '../../module.ts';
import { pageOfList, type PageArguments } from '../../pagination.ts';
import type { CoreServices } from '../core-services.ts';

interface Permission {
  readonly name: string;
  readonly coordinates: readonly Coordinate[];
}

/** What permissions cover, as the request's snapshot has them. */
export const permissionModule = defineModule<CoreServices>({
  name: 'permission',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      permissions: (_: unknown, args: PageArguments, { services, snapshot }) => {
        const permissions = [...snapshot.permissions]
          .map(([name, covered]): Permission => ({ name, coordinates: [...covered].sort() }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        return pageOfList(services.cursors, args, permissions, (permission) => permission.name);
      },
    },
  },
});

import { dateTime } from '../../date-time.ts';
import { defineModule } from '../../module.ts';

/** What every module's lists and moments are made of. */
export const relayModule = defineModule<unknown>({
  name: 'relay',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  resolvers: { DateTime: dateTime },
});

import type { Module } from '../module.ts';
import type { CoreServices } from './core-services.ts';
import { auditModule } from './audit/resolvers.ts';
import { grantModule } from './grant/resolvers.ts';
import { groupModule } from './group/resolvers.ts';
import { healthModule } from './health/resolvers.ts';
import { identityModule } from './identity/resolvers.ts';
import { permissionModule } from './permission/resolvers.ts';
import { policyModule } from './policy/resolvers.ts';
import { relayModule } from './relay/resolvers.ts';
import { sessionModule } from './session/resolvers.ts';
import { userModule } from './user/resolvers.ts';
import { viewerModule } from './viewer/resolvers.ts';

/** The core API, module by module. */
export const coreModules: readonly Module<CoreServices>[] = [
  relayModule,
  viewerModule,
  userModule,
  groupModule,
  permissionModule,
  grantModule,
  sessionModule,
  identityModule,
  policyModule,
  auditModule,
  healthModule,
];

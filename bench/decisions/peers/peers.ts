import type { Requests } from '../requests.ts';
import type { Side } from '../turns.ts';
import type { World } from '../worlds/world.ts';
import { accessControlSide } from './access-control.ts';
import { cachedStockSide, stockSide } from './casbin.ts';
import { caslSide } from './casl.ts';
import { cedarSide } from './cedar.ts';

export interface Peer {
  readonly name: string;
  /** How many different requests it is asked, so that a turn is worth waiting for. */
  readonly asks: (size: number) => number;
  readonly prepare: (world: World, requests: Requests) => Side | Promise<Side>;
}

/** Those that look at every rule for every decision take longer, the more rules there are. */
const few = (size: number): number => (size <= 100 ? 64 : size <= 10_000 ? 16 : 4);

export const peers: readonly Peer[] = [
  { name: 'Casbin, enforceSync', asks: few, prepare: stockSide },
  {
    name: 'Casbin, CachedEnforcer',
    // Each is decided once before.
    asks: (size) => (size <= 1_000 ? 1_000 : size <= 10_000 ? 200 : 50),
    prepare: cachedStockSide,
  },
  { name: '@casl/ability', asks: () => 1_000, prepare: caslSide },
  { name: 'accesscontrol', asks: () => 1_000, prepare: accessControlSide },
  { name: '@cedar-policy/cedar-wasm', asks: few, prepare: cedarSide },
];

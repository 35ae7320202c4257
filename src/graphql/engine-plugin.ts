import type { Plugin } from 'graphql-yoga';

/** The hooks of Yoga that every operation goes through, whichever way it came in. */
const hooksOfOperations = ['onParse', 'onValidate', 'onContextBuilding', 'onExecute', 'onSubscribe'] as const;

type HookOfOperations = (typeof hooksOfOperations)[number];

/**
 * A plugin of the engine. What hooks the request around an operation (`onRequest`, `onRequestParse`, `onResultProcess`,
 * `onResponse` and the like) is never called on the short way: a control in there would let everything through.
 */
export type EnginePlugin<Context extends object> = Pick<Plugin<Context>, HookOfOperations>;

/**
 * The plugins as they are. Types alone would not do: whatever has more members than a type asks for still fits it.
 * @throws where one hooks anything that the short way does not call
 */
export function checkEnginePlugins<Context extends object>(
  plugins: readonly EnginePlugin<Context>[],
): EnginePlugin<Context>[] {
  const called: ReadonlySet<string> = new Set(hooksOfOperations);
  for (const plugin of plugins) {
    const hooks = [...new Set(hooksOf(plugin))].filter((name) => !called.has(name));
    if (hooks.length > 0) {
      throw new Error(
        `A plugin of the GraphQL engine hooks ${hooks.join(', ')}, which not every operation goes through. ` +
          `Only ${hooksOfOperations.join(', ')} are.`,
      );
    }
  }
  return [...plugins];
}

/** Its own members and those of its class. */
function hooksOf(plugin: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(plugin);
  const own = Object.getOwnPropertyNames(plugin);
  return typeof prototype !== 'object' || prototype === null || prototype === Object.prototype
    ? own
    : [...own, ...hooksOf(prototype).filter((name) => name !== 'constructor')];
}

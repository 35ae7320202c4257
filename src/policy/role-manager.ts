import type { RoleManager } from 'casbin';

/**
 * Answers Casbin's `g(a, b)` from a closure that somebody else has: the principal's own for `g`, a coordinate's
 * permissions for `g2`. It holds no names, so its cost does not depend on how many users exist.
 */
export function closureRoleManager(
  closureOf: (name: string) => ReadonlySet<string> | undefined,
): RoleManager {
  const hasLink = (name: string, above: string): boolean =>
    name === above || closureOf(name)?.has(above) === true;
  const none = (): Promise<string[]> => Promise.resolve([]);
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    syncedHasLink: hasLink,
    hasLink: (name, above) => Promise.resolve(hasLink(name, above)),
    getRoles: (name) => Promise.resolve([...(closureOf(name) ?? [])]),
    getUsers: none,
    getDomains: none,
    getAllDomains: none,
    addLink: nothing,
    deleteLink: nothing,
    clear: nothing,
    printRoles: nothing,
  };
}

import type { OnChange, PrincipalChanges } from './contract/changes.ts';

/** Where a repository says what it is about to change. */
export interface Touch {
  user(id: string): void;
  everyone(): void;
  policy(): void;
}

export type Changing = <Result>(work: (touch: Touch) => Promise<Result>) => Promise<Result>;

const notAtAll: Touch = { user: () => undefined, everyone: () => undefined, policy: () => undefined };

/**
 * Runs work that commits by itself, and tells what it touched before its outcome is known to anybody. Work that failed tells
 * too: its commit may have come through, and only the answer been lost.
 */
export const changingAlone = (onChange: OnChange | undefined): Changing =>
  onChange === undefined
    ? (work) => work(notAtAll)
    : async (work) => {
        const touched = collectTouches();
        try {
          return await work(touched);
        } finally {
          const changes = touched.read();
          if (changes !== null) await onChange(changes);
        }
      };

/** For repositories inside of a unit of work: it is told when the unit has been committed. */
export const changingWithin =
  (touch: Touch): Changing =>
  (work) =>
    work(touch);

function collectTouches(): Touch & { read(): PrincipalChanges | null } {
  const users = new Set<string>();
  let everyone = false;
  let policy = false;
  return {
    user: (id) => void users.add(id),
    everyone() {
      everyone = true;
    },
    policy() {
      policy = true;
    },
    read: () =>
      users.size > 0 || everyone || policy ? { users: everyone ? 'everyone' : [...users], policy } : null,
  };
}

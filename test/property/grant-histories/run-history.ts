import type { Accounts } from '../../../src/accounts/accounts.ts';
import { operator, type Actor } from '../../../src/accounts/actor.ts';
import type { Store } from '../../../src/store/store.ts';
import { actAs } from '../../accounts/acting.ts';
import type { Office } from '../../accounts/open-accounts.ts';
import { renderPolicy, type RandomPolicy } from '../../policy/authority/random-policies.ts';
import { findEscalations, loadGiveable, loadRights, type Rights } from './authority-of.ts';
import { create, groupNames, throwDeed, type Deed } from './deeds.ts';
import { newDice, type Dice } from './dice.ts';
import { emptyLedger, loadLedger, renderLedger, type Ledger } from './ledger.ts';

/** One process: a store of its own, and accounts and a policy engine over it. */
export interface Process {
  readonly store: Store;
  readonly office: Office;
}

export interface Outcome {
  readonly steps: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Rights that somebody came to have by an acknowledged deed of somebody who is held to what they have. */
  readonly gained: number;
  readonly escalations: readonly string[];
  /** Acknowledged changes that the database does not have, or has otherwise. */
  readonly lost: readonly string[];
  readonly disagreements: number;
}

const refusals = new Set(['FORBIDDEN', 'CONFLICT', 'BAD_USER_INPUT', 'NOT_FOUND', 'UNAUTHENTICATED']);

interface Act {
  readonly deed: Deed;
  readonly process: Process;
  readonly by: Actor;
  readonly name: string;
}

/**
 * A random history: administrators of different authority change accounts, groups and grants, now in the one process
 * and now in the other, sometimes two at once. After each step everybody's rights are compared with those before.
 *
 * @param isGuarded false: whoever acts is held to nothing, to see that the oracle tells
 */
export async function runHistory(
  policy: RandomPolicy,
  seed: number,
  processes: readonly [Process, Process],
  { steps, isGuarded = true }: { readonly steps: number; readonly isGuarded?: boolean },
): Promise<Outcome> {
  const dice = newDice(seed);
  const [first] = processes;
  const snapshotNow = async ({ office, store }: Process) => office.policy.atEpoch(await store.groups.epoch());
  for (const process of processes) {
    // What is left of the history before is not to be held against the new files.
    await snapshotNow(process);
    await process.office.writePolicy(renderPolicy(policy));
  }

  let ledger = await found(dice, first.office.accounts);
  let rights = loadRights(await snapshotNow(first), ledger);
  const told = { acknowledged: 0, refused: 0, gained: 0, disagreements: 0 };
  const escalations: string[] = [];
  const lost: string[] = [];

  for (let step = 0; step < steps; step += 1) {
    const before = await snapshotNow(first);
    const acts: Act[] = [];
    const giveable: (Rights | null)[] = [];
    for (const process of dice.chance(0.25) ? processes : [dice.one(processes)]) {
      const actor = dice.chance(0.15) ? null : dice.one(active(ledger));
      const row = actor === null ? null : await process.store.users.find(actor);
      const by = row === null ? operator : await actAs(row, process.store);
      acts.push({
        deed: throwDeed(dice, ledger),
        process,
        by: isGuarded ? by : { ...by, authority: null },
        name: row?.username ?? 'operator',
      });
      giveable.push(row === null ? null : loadGiveable(before, ledger, row.id));
    }
    const settled = await Promise.allSettled(
      acts.map(({ deed, process, by }) => deed.run(process.office.accounts, by)),
    );
    const changes = settled.flatMap((outcome) => {
      if (outcome.status === 'fulfilled') return [outcome.value];
      const { code } = outcome.reason as { code?: string };
      if (code === undefined || !refusals.has(code)) throw outcome.reason;
      if (code === 'FORBIDDEN') told.refused += 1;
      return [];
    });
    told.acknowledged += changes.length;

    const what = `seed ${seed}, step ${step}: ${acts.map(({ name, deed }) => `${name}: ${deed.what}`).join(' | ')}`;
    const is = await loadLedger(first.store);
    const wanted = inSomeOrder(ledger, changes);
    if (!wanted.includes(renderLedger(is)))
      lost.push(`${what}: ${renderLedger(is)} and not ${wanted.join(' or ')}`);
    const now = loadRights(await snapshotNow(first), is);
    // What those who acted could give together: at most, the one gave to the other what that one gave on.
    if (changes.length > 0 && giveable.every((each) => each !== null)) {
      const all = [...now].flatMap(([who, has]) =>
        [...has].filter((right) => rights.get(who)?.has(right) !== true),
      );
      told.gained += all.length;
      escalations.push(...findEscalations(rights, now, giveable).map((found) => `${what}: ${found}`));
    }
    ledger = is;
    rights = now;
  }
  told.disagreements = await countDisagreements(processes, ledger);
  await clear(first.store, ledger, first.office.accounts);
  return { steps, ...told, escalations, lost };
}

/** Four people to begin with, two of whom the policy speaks of. */
async function found(dice: Dice, accounts: Accounts): Promise<Ledger> {
  let ledger = emptyLedger;
  for (const name of ['ann', 'bob', 'eve', 'gus']) {
    const deed = create(name, dice.some(groupNames, 2), dice.one(['sales', null]));
    ledger = (await deed.run(accounts, operator))(ledger);
  }
  return ledger;
}

const active = ({ users }: Ledger): readonly string[] => {
  const ids = [...users].filter(([, { status }]) => status === 'active').map(([id]) => id);
  // With nobody left the operator acts.
  return ids.length > 0 ? ids : ['00000000-0000-7000-8000-000000000000'];
};

/** What the database may say: two changes at once are made one after the other, in either order. */
function inSomeOrder(ledger: Ledger, changes: readonly ((ledger: Ledger) => Ledger)[]): readonly string[] {
  const orders = changes.length === 2 ? [changes, changes.toReversed()] : [changes];
  return orders.flatMap((order) => {
    try {
      return [renderLedger(order.reduce((known, change) => change(known), ledger))];
    } catch {
      // In that order there was no such account any more, and it could not have been acknowledged.
      return [];
    }
  });
}

/** How many of everybody's rights the two processes see otherwise at their next request. */
async function countDisagreements(processes: readonly [Process, Process], ledger: Ledger): Promise<number> {
  const [one, two] = await Promise.all(
    processes.map(async ({ office, store }) => {
      const snapshot = await office.policy.atEpoch(await store.groups.epoch());
      return { version: snapshot.version, rights: loadRights(snapshot, ledger) };
    }),
  );
  if (one === undefined || two === undefined) throw new Error('There are two processes.');
  const rights = [...one.rights].flatMap(([who, has]) =>
    [...has].filter((right) => two.rights.get(who)?.has(right) !== true),
  );
  const others = [...two.rights].flatMap(([who, has]) =>
    [...has].filter((right) => one.rights.get(who)?.has(right) !== true),
  );
  return rights.length + others.length + (one.version === two.version ? 0 : 1);
}

/** The next history begins with nobody. The epoch goes on rising, as it does in a server. */
async function clear(store: Store, { users, groups }: Ledger, accounts: Accounts): Promise<void> {
  for (const id of users.keys()) await accounts.delete(id, operator);
  for (const name of groups) await store.groups.delete(name);
}

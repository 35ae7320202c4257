import { allPages } from '../accounts/all-pages.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { OutputOptions } from './output.ts';
import { withProgress } from './progress.ts';
import type { Workplace } from './workplace.ts';

/** So many at a time: fewer than the pool has connections. */
const abreast = 6;

/** Does the work for every account, some at a time and in no order, beside a bar. Ends at the first that fails. */
export async function eachAccount(
  { store }: Pick<Workplace, 'store'>,
  what: string,
  options: OutputOptions,
  work: (user: UserRow) => Promise<void>,
): Promise<void> {
  await withProgress(what, await store.users.count(), options, async ({ step }) => {
    for await (const users of allPages((page) => store.users.list(page))) {
      const rest = [...users];
      const worker = async (): Promise<void> => {
        for (let user = rest.shift(); user !== undefined; user = rest.shift()) {
          await work(user).catch((error: unknown) => {
            rest.length = 0;
            throw error;
          });
          step();
        }
      };
      await Promise.all(Array.from({ length: abreast }, worker));
    }
  });
}

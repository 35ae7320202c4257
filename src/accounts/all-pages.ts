import type { Username } from '../core/names.ts';
import type { PageRequest } from '../store/contract/page.ts';
import type { UserRow } from '../store/contract/users.ts';

const limit = 1_000;

/** Every row of a paged list of users, read a page at a time. */
export async function* allPages(
  load: (page: PageRequest<Username>) => Promise<readonly UserRow[]>,
): AsyncGenerator<readonly UserRow[]> {
  let after: Username | null = null;
  for (;;) {
    const rows: readonly UserRow[] = await load({ after, limit });
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1)?.username ?? null;
  }
}

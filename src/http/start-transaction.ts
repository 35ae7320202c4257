import type { Door } from '../authenticators/login.ts';
import { PortcullisError } from '../core/errors.ts';
import { originOf } from './origin.ts';
import { sendOn } from './send-on.ts';
import type { HttpContext } from './state.ts';
import type { Transactions } from './transactions.ts';

export interface StartNeeds {
  readonly door: Pick<Door, 'start'>;
  readonly transactions: Transactions;
}

export interface Started {
  readonly authenticator: { readonly name: string; readonly label: string };
  readonly next: string;
  readonly linkTo: string | null;
  readonly reauthenticate: boolean;
}

/** Sends the browser on to a provider, and keeps for it what its callback needs; or answers why it can't be. */
export async function startTransaction(
  ctx: HttpContext,
  { authenticator: { name, label }, next, linkTo, reauthenticate }: Started,
  { door, transactions }: StartNeeds,
): Promise<PortcullisError | null> {
  const started = await door.start({ authenticator: name, origin: originOf(ctx), reauthenticate });
  if (started.kind === 'refused') return started.error;
  const { state, kept, url } = started;
  try {
    await transactions.begin(ctx, { authenticator: name, state, kept, next, linkTo });
  } catch (error) {
    if (error instanceof PortcullisError) return error;
    throw error;
  }
  sendOn(ctx, {
    title: `On to ${label}`,
    lead: `You prove there who you are, and come back.`,
    url,
    link: `Go on to ${label}`,
  });
  return null;
}

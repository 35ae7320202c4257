import { isLoopback } from '../../core/loopback.ts';
import type { Check } from '../check.ts';
import { good, warning } from '../verdict.ts';

export const cors: Check = {
  name: 'cors',
  title: 'Other origins',
  reason: 'A page of an allowed origin acts as whoever is logged in.',
  needs: ['corsOrigins'],
  inspect({ settings: { corsOrigins } }) {
    const open = corsOrigins.filter((each) => each.startsWith('http:') && !isLoopback(new URL(each)));
    return [
      corsOrigins.length === 0
        ? good('No other origin may call /graphql with cookies.')
        : good(`Pages of ${corsOrigins.join(', ')} may call /graphql with cookies.`),
      ...open.map((each) =>
        warning(
          `${each} in corsOrigins is http: whoever is on the way can put a page there.`,
          'Give its https address.',
        ),
      ),
    ];
  },
};

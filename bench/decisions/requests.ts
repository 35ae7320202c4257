import type { Random } from './random.ts';
import type { World } from './worlds/world.ts';

/** Requests by column, and what each must be answered. */
export interface Requests<Value = string> {
  readonly users: readonly number[];
  /** One for each value of a request. */
  readonly columns: readonly (readonly Value[])[];
  readonly allowed: readonly boolean[];
}

export const manyRequests = 65_536;
const mostDraws = 200;

/**
 * As many requests that are allowed as are not, in no order.
 *
 * @param subjectOf Who asks: a draw from all users where nothing else is said.
 */
export function drawRequests(
  world: World,
  count: number,
  random: Random,
  subjectOf: (place: number) => number = () => random(world.users.length),
): Requests {
  const drawn = Array.from({ length: count }, (_, place) => drawOne(world, place, random, subjectOf));
  for (let last = count - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [drawn[last], drawn[other]] = [drawn[other]!, drawn[last]!];
  }
  return byColumn(drawn);
}

/** Some of them, half allowed and half not. */
export function takeRequests(requests: Requests, count: number): Requests {
  if (count >= requests.allowed.length) return requests;
  const places = [true, false].flatMap((allowed) =>
    [...requests.allowed.keys()]
      .filter((place) => requests.allowed[place] === allowed)
      .slice(0, Math.ceil(count / 2)),
  );
  return {
    users: places.map((place) => requests.users[place]!),
    columns: requests.columns.map((column) => places.map((place) => column[place]!)),
    allowed: places.map((place) => requests.allowed[place]!),
  };
}

export const firstRequests = <Value>(requests: Requests<Value>, count: number): Requests<Value> => ({
  users: requests.users.slice(0, count),
  columns: requests.columns.map((column) => column.slice(0, count)),
  allowed: requests.allowed.slice(0, count),
});

export const countAllowed = ({ allowed }: Requests<unknown>): number => allowed.filter(Boolean).length;

interface Drawn {
  readonly user: number;
  readonly values: readonly string[];
  readonly allowed: boolean;
}

/** @throws where nothing of the kind that is wanted can be found. */
function drawOne(world: World, place: number, random: Random, subjectOf: (place: number) => number): Drawn {
  const user = subjectOf(place);
  const wanted = place % 2 === 0;
  for (let draw = 0; draw < mostDraws; draw += 1) {
    const { values, allowed } = world.draw(user, random);
    if (allowed === wanted) return { user, values, allowed };
  }
  throw new Error(`${world.name}: user ${user} has nothing to ask that is ${wanted ? 'allowed' : 'denied'}.`);
}

const byColumn = (drawn: readonly Drawn[]): Requests => ({
  users: drawn.map(({ user }) => user),
  columns: (drawn[0]?.values ?? []).map((_, column) => drawn.map(({ values }) => values[column]!)),
  allowed: drawn.map(({ allowed }) => allowed),
});

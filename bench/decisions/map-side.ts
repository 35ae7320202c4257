import type { Requests } from './requests.ts';
import type { Side } from './turns.ts';
import type { World } from './worlds/world.ts';

const mostValue = 7;

/** A `Map` with as many entries as there are users, read with the subjects of the requests: the floor under any decision. */
export function mapSide(world: World, requests: Requests): Side {
  const numbers = new Map(world.users.map((user, place) => [user, place % mostValue]));
  const subjects = requests.columns[0] ?? [];
  return {
    decisions: subjects.length,
    sum: requests.users.reduce((sum, user) => sum + (user % mostValue), 0),
    run() {
      let sum = 0;
      for (let place = 0; place < subjects.length; place += 1) sum += numbers.get(subjects[place]!)!;
      return sum;
    },
  };
}

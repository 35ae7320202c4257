import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './side.ts';

/** The list that every side of the benchmark answers: eight scalar fields a row, and a list of five items of two fields. */
export const parcelTypeDefs = /* GraphQL */ `
  type Query {
    parcels(first: Int!): [Parcel]
  }
  type Parcel {
    id: ID
    code: String
    sender: String
    place: String
    weight: Float
    pieces: Int
    year: Int
    insured: Boolean
    items: [ParcelItem]
    note: String
    price: String
    owner: ID
  }
  type ParcelItem {
    name: String
    amount: Int
  }
`;

/** Every field above, by type: what peers write a rule for. */
export const parcelFields = {
  Query: ['parcels'],
  Parcel: [
    'id',
    'code',
    'sender',
    'place',
    'weight',
    'pieces',
    'year',
    'insured',
    'items',
    'note',
    'price',
    'owner',
  ],
  ParcelItem: ['name', 'amount'],
} as const;

/** Allowed on the row's own facts alone: to whoever owns the parcel. */
export const conditionalField = 'Parcel.note';
/** Allowed to nobody who is measured. */
export const deniedField = 'Parcel.price';
/** What whoever is measured may read, whatever the row. */
export const allowedCoordinates: ReadonlySet<string> = new Set(
  Object.entries(parcelFields)
    .flatMap(([type, names]) => names.map((name) => `${type}.${name}`))
    .filter((coordinate) => coordinate !== conditionalField && coordinate !== deniedField),
);

export interface Parcel {
  readonly id: string;
  readonly code: string;
  readonly sender: string;
  readonly place: string;
  readonly weight: number;
  readonly pieces: number;
  readonly year: number;
  readonly insured: boolean;
  readonly items: readonly { readonly name: string; readonly amount: number }[];
  readonly note: string;
  readonly price: string;
  readonly owner: string;
}

export const ownerId = 'id-of-ann';

const parcels: readonly Parcel[] = Array.from({ length: 1_000 }, (_, row) => ({
  id: `parcel-${row}`,
  code: `C${row * 7919}`,
  sender: `sender ${row % 40}`,
  place: `place ${row % 90}`,
  weight: row / 8,
  pieces: row % 12,
  year: 2000 + (row % 26),
  insured: row % 3 === 0,
  items: Array.from({ length: 5 }, (_each, item) => ({ name: `item ${row}-${item}`, amount: row + item })),
  note: `note ${row}`,
  price: `${row}.00`,
  owner: ownerId,
}));
const pages = new Map([1, 100, 1_000].map((first) => [first, parcels.slice(0, first)]));

/** The first so many parcels: 1, 100 or 1,000. The same array each time, so that no side pays for making it. */
export function firstParcels(first: number): readonly Parcel[] {
  const page = pages.get(first);
  if (page === undefined) throw new Error(`There is no page of ${first} parcels.`);
  return page;
}

export const parcelResolvers = {
  Query: { parcels: (_source: unknown, { first }: { readonly first: number }) => firstParcels(first) },
};

const scalars = 'id code sender place weight pieces year insured';
const items = 'items { name amount }';

/** Eight scalars and the nested list. */
export const plainQuery = (first: number): string => `{ parcels(first: ${first}) { ${scalars} ${items} } }`;
/** As many fields, one of them under a condition on its row. */
export const conditionalQuery = (first: number): string =>
  `{ parcels(first: ${first}) { ${scalars.replace('insured', 'note')} ${items} } }`;
/** The plain list with one column more, which is denied. */
export const deniedQuery = (first: number): string =>
  `{ parcels(first: ${first}) { ${scalars} price ${items} } }`;

/** Something of an answer that is not the same for another one: keeps the work from being thought useless. */
export function digestOf(answer: Answer): number {
  const rows: unknown = dataOf(answer)['parcels'];
  if (!Array.isArray(rows)) throw new Error('An answer has no parcels.');
  const last: unknown = rows[rows.length - 1];
  if (typeof last !== 'object' || last === null || !('code' in last) || typeof last.code !== 'string')
    throw new Error('The last parcel has no code.');
  return rows.length * 1_000 + last.code.length;
}

/**
 * @param denied Fields that are to be null, each told by one error: nothing else may be wrong.
 * @throws where an answer holds other data than the unguarded one. The order of fields does not count.
 */
export function checkAnswer(
  name: string,
  answer: Answer,
  unguarded: Answer,
  denied: readonly string[] = [],
): void {
  const deny = (key: string, value: unknown): unknown => (denied.includes(key) ? null : value);
  const given: unknown = JSON.parse(JSON.stringify(dataOf(answer)));
  const wanted: unknown = JSON.parse(JSON.stringify(dataOf(unguarded), deny));
  const errors = 'errors' in answer ? (answer.errors ?? []) : [];
  if (isDeepStrictEqual(given, wanted) && errors.length === denied.length) return;
  throw new Error(`${name} answers other than it should: ${JSON.stringify(answer).slice(0, 500)}`);
}

function dataOf(answer: Answer): Readonly<Record<string, unknown>> {
  const data = 'data' in answer ? answer.data : null;
  if (data === null) throw new Error(`No data: ${JSON.stringify(answer).slice(0, 500)}`);
  return data;
}

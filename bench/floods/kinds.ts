/** One request of a flood. */
export interface Sent {
  readonly query: string;
  readonly variables?: object;
  readonly operationName?: string;
  /** Leave before it is answered. */
  readonly leaves?: boolean;
}

const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const page = 'query ($n: Int!) { users(first: $n) { edges { node { username } } } }';

/** Floods, by what they are: the request with that number. */
export const floods: Readonly<Record<string, (number: number) => Sent>> = {
  'distinct short documents': (number) => ({ query: `{ viewer { subject } a${number}: __typename }` }),
  'distinct documents of 1,000 tokens': (number) => ({
    query: `{ a${number}: __typename ${repeat(245, () => 'viewer { subject }')} }`,
  }),
  'distinct documents of many fragments': (number) => ({
    query: `{ a${number}: __typename ${repeat(65, (at) => `...f${at}`)} } ${repeat(65, (at) => `fragment f${at} on Query { viewer { subject } __typename }`)}`,
  }),
  'distinct documents with 100 faults': (number) => ({
    query: `{ a${number} ${repeat(900, (at) => `x${at}`)} }`,
  }),
  'one document, distinct variables': (number) => ({ query: page, variables: { n: (number % 100) + 1 } }),
  'one document, other variables beside': (number) => ({
    query: page,
    variables: { n: 1, [`x${number}`]: number },
  }),
  'fragments that double at each step': (number) => ({
    query: `{ viewer { a${number}: subject ...f0 } } ${repeat(60, (at) => `fragment f${at} on Viewer { ...f${at + 1} ...f${at + 1} }`)} fragment f60 on Viewer { subject }`,
  }),
  '10,000 aliases': (number) => ({ query: `{ ${repeat(10_000, (at) => `a${at}:f`)} b${number} }` }),
  'deep nesting': (number) => ({ query: `{ a${number} ${'{ next '.repeat(300)}${'}'.repeat(300)} }` }),
  'nesting beyond the tokens': () => ({ query: '{ next '.repeat(12_000) }),
  'unknown operation names': (number) => ({
    query: 'query a { viewer { subject } } query b { viewer { subject } }',
    operationName: `c${number}`,
  }),
  'variables of the wrong shape': (number) => ({
    query: page,
    variables: { n: Array.from({ length: 2_000 }, (_, at) => ({ [`x${at}`]: [[number]] })) },
  }),
  'huge variables': (number) => ({ query: page, variables: { n: 1, x: `${number}`.padEnd(98_000, 'x') } }),
  'a list of 10,000 faults in variables': () => ({
    query: 'query ($n: [Int!]) { users(first: $n) { edges { cursor } } }',
    variables: { n: Array.from({ length: 10_000 }, () => 'x') },
  }),
  'the widest page that may be asked for': () => ({
    query:
      '{ users(first: 100) { edges { cursor node { id username name email status createdAt groups { name } } } } }',
  }),
  'clients that leave in the middle': () => ({
    query: '{ users(first: 20) { edges { node { id username groups { name } } } } }',
    leaves: true,
  }),
};

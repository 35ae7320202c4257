import { buildGuardedSchema } from '../../src/graphql/build-schema.ts';
import { defineModule } from '../../src/graphql/module.ts';

export interface Book {
  readonly kind: 'Book' | 'Letter';
  readonly id: string;
  readonly title: string;
  readonly owner: string;
}

/** Counts what was done to it: a denied field must leave no trace. */
export class Library {
  readonly books: Book[];
  readonly done: string[] = [];

  constructor(count = 3) {
    this.books = Array.from({ length: count }, (_, index) => ({
      kind: index % 2 === 0 ? 'Book' : 'Letter',
      id: String(index),
      title: `title ${index}`,
      owner: index % 2 === 0 ? 'ann' : 'bob',
    }));
  }
}

/** A schema with every kind of thing the guard must stand before. */
export const libraryModule = defineModule<Library, { readonly book: Book }>({
  name: 'library',
  typeDefs: /* GraphQL */ `
    interface Readable {
      title: String
    }
    type Book implements Readable {
      id: ID!
      title: String
      strict: String!
      next: Book
    }
    type Letter implements Readable {
      title: String
      strict: String!
    }
    union Anything = Book | Letter
    type Query {
      books: [Book]
      readables: [Readable]
      anything: [Anything]
      book(id: ID!): Book
      strictBook(id: ID!): Book!
      plain: String
      echo(number: Int! = 7): Int
      fails: String
      broken: Int
      slow: String
    }
    type Mutation {
      rename(id: ID!, title: String!): RenamePayload
      burn: String
      signIn: SignInPayload
    }
    type RenamePayload {
      book: Book
      anything: Anything
    }
    type SignInPayload {
      book: Book
    }
    type Subscription {
      renamed: Book
      renamedBook(id: ID!): Book
      unmade: String
    }
  `,
  facts: { Book: { owner: (book: Book) => book.owner } },
  acts: {
    'Query.book': { on: 'Book', load: (args: { id: string }, load) => load.book(args.id) },
    'Query.strictBook': { on: 'Book', load: (args: { id: string }, load) => load.book(args.id) },
    'Mutation.rename': { on: 'Book', load: (args: { id: string }, load) => load.book(args.id) },
    'Subscription.renamedBook': { on: 'Book', load: (args: { id: string }, load) => load.book(args.id) },
  },
  alone: ['Mutation.signIn'],
  loaders: {
    book: (ids, { services }) => {
      services.done.push(`loaded ${ids.join(' ')}`);
      return Promise.resolve(
        new Map(services.books.filter((book) => ids.includes(book.id)).map((book) => [book.id, book])),
      );
    },
  },
  resolvers: {
    Readable: { __resolveType: (book: Book) => book.kind },
    Anything: { __resolveType: (book: Book) => book.kind },
    Book: { strict: (book: Book) => `strict ${book.title}` },
    Letter: { strict: (book: Book) => `strict ${book.title}` },
    Query: {
      books: (_: unknown, _args: object, { services }) => services.books,
      readables: (_: unknown, _args: object, { services }) => services.books,
      anything: (_: unknown, _args: object, { services }) => services.books,
      book: (book: Book, _args: object, { services }) => {
        services.done.push(`read ${book.id}`);
        return book;
      },
      strictBook: (book: Book) => book,
      plain: () => 'plain',
      echo: (_: unknown, args: { number: number }) => args.number,
      fails: () => {
        throw new Error('connect ECONNREFUSED hunter2@db.internal');
      },
      broken: () => 'hunter2 is no number',
      slow: async () => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        return 'slow';
      },
    },
    Mutation: {
      rename: (book: Book, args: { title: string }, { services }) => {
        services.done.push(`renamed ${book.id}`);
        return { book: { ...book, title: args.title }, anything: book };
      },
      burn: (_: unknown, _args: object, { services }) => {
        services.done.push('burned');
        return 'ash';
      },
      signIn: (_: unknown, _args: object, { services }) => ({ book: services.books[0] }),
    },
    Subscription: {
      renamed: {
        subscribe: async function* (_: unknown, _args: object, { services }: { services: Library }) {
          services.done.push('subscribed');
          for (const book of services.books) yield await Promise.resolve(book);
        },
        resolve: (book: Book) => book,
      },
      renamedBook: {
        subscribe: async function* (book: Book, _args: object, { services }: { services: Library }) {
          services.done.push(`subscribed ${book.id}`);
          yield await Promise.resolve({ ...book, title: 'renamed' });
        },
        resolve: (event: Book) => event,
      },
    },
  },
});

export const library = () => buildGuardedSchema([libraryModule]);

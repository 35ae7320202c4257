import { GraphQLError, GraphQLScalarType } from 'graphql';

/** Milliseconds since the Unix epoch inside; RFC 3339 in UTC outside. */
export const dateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'A moment, as RFC 3339 text in UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize(value) {
    if (typeof value !== 'number') throw new TypeError('A DateTime is kept as milliseconds.');
    return new Date(value).toISOString();
  },
  parseValue(value) {
    const milliseconds = typeof value === 'string' ? Date.parse(value) : NaN;
    if (Number.isNaN(milliseconds)) throw new GraphQLError('Write a moment such as 2026-11-20T09:30:00Z.');
    return milliseconds;
  },
});

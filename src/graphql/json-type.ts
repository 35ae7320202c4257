export type JsonType = 'application/json' | 'application/graphql-response+json';

/** What a list of media types (RFC 9110, section 12.5.1) matches, as Yoga reads it. */
const found = (preType: string | undefined, subtype: string | undefined): JsonType | null => {
  if (preType !== '*' && preType !== 'application') return null;
  if (subtype === '*' || subtype === 'json') return 'application/json';
  return subtype === 'graphql-response+json' ? 'application/graphql-response+json' : null;
};

/**
 * The media type of an answer that is one result, by a request's Accept header: the first in the list that we have; `null`
 * where we have none of them. Like Yoga, it does not weigh them (`q`) and has UTF-8 only.
 */
export function findJsonType(accept: string): JsonType | null {
  if (accept === '' || accept === '*/*') return 'application/json';
  for (const part of accept.replace(/\s/g, '').toLowerCase().split(',')) {
    const [mediaType = '', ...parameters] = part.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset='));
    if (charset !== undefined && charset !== 'charset=utf-8') continue;
    const [preType, subtype] = mediaType.split('/');
    const type = found(preType, subtype);
    if (type !== null) return type;
  }
  return null;
}

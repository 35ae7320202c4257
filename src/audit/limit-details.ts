import { renderVisible } from '../core/visible-text.ts';
import { isSecretName } from '../logging/secret-names.ts';

/** All in characters, members or levels: a record has a size, whoever made it as long as they could. */
const longestText = 1_000;
const longestDetails = 8_000;
const mostMembers = 100;
const deepest = 5;

type Details = Readonly<Record<string, unknown>>;

/**
 * What a record keeps of the details that it was given: plain JSON of at most 8,000 characters, texts cut at 1,000 and made
 * visible. What does not fit is left out, and its place says so. Never throws.
 */
export function limitDetails(details: Details): Details {
  try {
    return limitMembers(details, { left: longestDetails }, 1);
  } catch {
    return { omitted: 'These details could not be read.' };
  }
}

/** The text made visible, and cut: an ellipsis stands for the rest. */
export function limitText(text: string, most: number): string {
  const visible = renderVisible(text.slice(0, most));
  const fits = text.length <= most && visible.length <= most;
  return detach(fits ? visible : `${visible.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`);
}

/** A copy: a slice would hold the whole of what it was cut from in memory for as long as the record waits. */
const detach = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

interface Room {
  left: number;
}

function limitMembers(object: object, room: Room, depth: number): Record<string, unknown> {
  const limited: [string, unknown][] = [];
  const members = Object.entries(object).filter(([, value]) => value !== undefined);
  for (const [index, [name, value]] of members.entries()) {
    const key = limitText(name, 100);
    room.left -= key.length + 4;
    if (room.left <= 0 || index >= mostMembers) {
      limited.push(['omitted', `${members.length - index} more`]);
      break;
    }
    limited.push([key, isSecretName(name) ? '[secret]' : limitValue(value, room, depth)]);
  }
  return Object.fromEntries(limited);
}

function limitList(list: readonly unknown[], room: Room, depth: number): unknown[] {
  const limited: unknown[] = [];
  for (const [index, value] of list.entries()) {
    if (room.left <= 0 || index >= mostMembers) return [...limited, `${list.length - index} more`];
    limited.push(limitValue(value, room, depth));
  }
  return limited;
}

function limitValue(value: unknown, room: Room, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return limitPlain(value, room);
  if (value instanceof Error) return limitPlain(value.message, room);
  if (hasJson(value)) return limitValue(value.toJSON(), room, depth);
  room.left -= 2;
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) return limitList(value, room, depth + 1);
  if (value instanceof Set) return limitList([...value], room, depth + 1);
  return limitMembers(value, room, depth + 1);
}

const hasJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

function limitPlain(value: unknown, room: Room): unknown {
  const kept = typeof value === 'number' || typeof value === 'boolean' || value === null;
  const text =
    typeof value === 'string' ? value : typeof value === 'bigint' ? `${value}` : `a ${typeof value}`;
  const limited = kept ? value : limitText(text, Math.max(1, Math.min(longestText, room.left)));
  room.left -= JSON.stringify(limited).length + 1;
  return limited;
}

import { types } from 'node:util';
import { type LoggedError, renderLoggedError } from '../core/logged-error.ts';
import { Secret } from '../core/secret.ts';
import type { RenderText } from './render-text.ts';
import { isSecretName } from './secret-names.ts';

const hidden = '[secret]';
const deepest = 8;
const longestList = 50;
const mostMembers = 100;
const mostFrames = 50;

/**
 * The fields of a log record as they may be written: secrets hidden by type, by the name of their member and by their
 * look, at any depth; errors as `renderLoggedError` tells them, wherever they stand; everything bounded. Never throws.
 */
export function createRenderFields(renderText: RenderText) {
  const within = (value: unknown, depth: number, above: readonly object[]): unknown => {
    if (typeof value === 'string') return renderText(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null)
      return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
    if (value instanceof Secret) return hidden;
    if (types.isNativeError(value) || value instanceof Error)
      return renderError(renderLoggedError(value), renderText);
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    if (above.includes(value)) return '[circular]';
    if (depth >= deepest) return '[too deep]';
    const path = [...above, value];
    if (Array.isArray(value) || value instanceof Set) {
      const list: readonly unknown[] = Array.isArray(value) ? value : [...value];
      const shown = list.slice(0, longestList).map((each) => within(each, depth + 1, path));
      return list.length > longestList ? [...shown, `[${list.length - longestList} more]`] : shown;
    }
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return within((value.toJSON as () => unknown)(), depth + 1, path);
    return members(value instanceof Map ? [...value] : Object.entries(value), depth, path);
  };

  const members = (
    entries: readonly (readonly [unknown, unknown])[],
    depth: number,
    above: readonly object[],
  ): Record<string, unknown> => {
    const shown: Record<string, unknown> = {};
    for (const [key, value] of entries.slice(0, mostMembers)) {
      const name = renderText(String(key));
      const secret = isSecretName(name) && value !== null && value !== undefined;
      // Under these names whatever was thrown is logged, errors or not.
      const thrown = depth === 1 && (name === 'err' || name === 'error');
      if (secret) shown[name] = hidden;
      else if (thrown) shown[name] = renderError(renderLoggedError(value), renderText);
      else shown[name] = within(value, depth + 1, above);
    }
    return shown;
  };

  return (fields: object): Record<string, unknown> => {
    try {
      return members(Object.entries(fields), 1, [fields]);
    } catch {
      // A getter or a proxy that throws must not take the sentence along.
      return { unreadable: true };
    }
  };
}

/** A stack keeps its lines, and begins anew: as it comes, the message in it has as many lines as whoever wrote it likes. */
function renderError(error: LoggedError, renderText: RenderText): LoggedError {
  const { code, stack, cause } = error;
  const [type, message] = [renderText(error.type), renderText(error.message)];
  const frames = (stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    type,
    message,
    ...(code === undefined ? {} : { code: renderText(code) }),
    ...(stack === undefined
      ? {}
      : { stack: [`${type}: ${message}`, ...frames.slice(0, mostFrames).map(renderText)].join('\n') }),
    ...(cause === undefined ? {} : { cause: renderError(cause, renderText) }),
  };
}

import { PortcullisError } from '../core/errors.ts';

/** The answer of Redis, or UNAVAILABLE: at the deadline (milliseconds), or when Redis or the connection fails. */
export async function answered<T>(command: Promise<T>, deadline: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Redis did not answer within ${deadline} ms.`));
    }, deadline);
  });
  try {
    return await Promise.race([command, late]);
  } catch (cause) {
    throw new PortcullisError('UNAVAILABLE', { detail: 'redis', cause });
  } finally {
    clearTimeout(timer);
  }
}

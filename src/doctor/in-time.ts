import { OperatorError } from '../core/errors.ts';

/**
 * The work's own result. What it does after so many milliseconds is nobody's business.
 * @param say what is said where it is late, of a time such as `6 s`
 * @throws OperatorError where it is late
 */
export async function inTime<Result>(
  milliseconds: number,
  say: (time: string) => string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new OperatorError(say(`${Math.round(milliseconds / 100) / 10} s`)));
    }, milliseconds);
  });
  try {
    return await Promise.race([Promise.resolve().then(work), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The work's own result, or a rejection after so many milliseconds. What it does later is nobody's business. */
export async function within<Result>(
  deadlineMs: number,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what} did not answer in ${deadlineMs} ms.`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

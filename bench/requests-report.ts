/** What bench/requests.ts prints of a whole request beside stock Yoga's, and of a bar that is missed. */
export interface Bar {
  readonly housing: string;
  readonly request: string;
  /** Processor time for a request, in microseconds: medians over the rounds. */
  readonly ours: number;
  readonly stock: number;
  /** Of stock's processor time to ours, and of one stock's to the other's: medians of the rounds' own. */
  readonly ratio: number;
  readonly stockToStock: number;
  /** Requests a second by the clock, eight at once. */
  readonly oursPerSecond: number;
  readonly stockPerSecond: number;
  /** What Koa takes that reads a body, answers, and does nothing else. */
  readonly floor: number;
  readonly least: number | null;
  /** Where ours goes, in microseconds: steps before the session, body and session, operation. */
  readonly parts: readonly [number, number, number];
}

export function printBars(bars: readonly Bar[]): void {
  console.log('\na whole request against stock Yoga in Koa: processor time of the server for each, in µs');
  console.table(
    bars.map(({ housing, request, parts, ...each }) => ({
      on: housing,
      request,
      'Koa alone': each.floor,
      ours: each.ours,
      'before the session': parts[0],
      'body and session': parts[1],
      operation: parts[2],
      stock: each.stock,
      ratio: each.ratio,
      'A/A': each.stockToStock,
      'ours/s': each.oursPerSecond,
      'stock/s': each.stockPerSecond,
    })),
  );
  for (const { housing, ratio, least, ours, stock, stockToStock, floor } of bars) {
    if (least === null) continue;
    if (stockToStock < 0.95 || stockToStock > 1.05)
      console.log(`${housing}: A/A is ${stockToStock}: others had the machine, measure again.`);
    console.log(
      ratio >= least
        ? `${housing}: ${ratio} ×, the bar is ${least} ×.`
        : `${housing}: ${ratio} ×, the bar of ${least} × is missed: it allows ${Math.round(stock / least)} µs, ours takes ` +
            `${ours}, of which ${floor} are Koa's that does nothing else.`,
    );
  }
}

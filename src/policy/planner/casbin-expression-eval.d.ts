/** What we use of it. Its own types declare an old jsep for everybody (`paths` in tsconfig.json leads here instead). */
declare const evaluation: {
  parse(expression: string): unknown;
  addBinaryOp(operator: string, precedence: number, operate: (left: never, right: never) => unknown): void;
};
export default evaluation;

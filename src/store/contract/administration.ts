/** One number that every change by an administrator raises: who decided on an older one decides again. */
export interface AdministrationRepository {
  revision(): Promise<number>;
  /** Raises it in this unit, and keeps others from doing so until the unit ends. `false` where it is not `from` any more. */
  advance(from: number): Promise<boolean>;
  /** Raises it in this unit, whatever it is, as soon as no other unit keeps it: for who decided on nothing before. */
  take(): Promise<void>;
}

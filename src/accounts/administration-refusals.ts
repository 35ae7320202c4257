import type { Coordinate } from '../core/coordinate.ts';
import { PortcullisError, type ErrorCode, type ErrorDetails } from '../core/errors.ts';

/** A change that the law of authority refuses. It is recorded, with what the record tells of it. */
export class Refusal extends PortcullisError {
  readonly told: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, details: ErrorDetails, told: Readonly<Record<string, unknown>>) {
    super(code, details);
    this.told = told;
  }
}

/** What was asked for and can't be: whoever administers asked for it, so it is recorded, too. */
const cannotBe: readonly ErrorCode[] = ['BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT', 'UNAUTHENTICATED'];

/** What the record of a refused change tells of why; `null` where nobody refused it: something broke, or is too busy. */
export function findRefusal(error: unknown): Refusal['told'] | null {
  if (error instanceof Refusal) return error.told;
  if (!(error instanceof PortcullisError) || !cannotBe.includes(error.code)) return null;
  return { reason: error.code.toLowerCase().replaceAll('_', '-'), said: error.message };
}

/** The most coordinates that a record names. */
const mostNamed = 20;

/** @param gains what somebody would gain that the granter does not have; at least one */
export function beyondGranter(gains: readonly Coordinate[]): Refusal {
  const [first = '', ...others] = gains;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return new Refusal(
    'FORBIDDEN',
    { message: `You cannot give what you do not have yourself: ${first}${more}.` },
    { reason: 'beyond-granter', coordinates: gains.slice(0, mostNamed), total: gains.length },
  );
}

export const lastAdministrator = (): Refusal =>
  new Refusal(
    'CONFLICT',
    { message: 'This would leave nobody in charge. Make somebody else an administrator first.' },
    { reason: 'last-administrator' },
  );

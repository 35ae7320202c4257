import { z } from 'zod';

/** None yet; an unknown one is refused. */
export const passwordOptions = z.strictObject({});

export type PasswordOptions = z.infer<typeof passwordOptions>;

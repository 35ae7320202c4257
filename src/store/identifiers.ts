const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether it is a uuid as PostgreSQL writes one. What is none names no row, and must not become an error of the driver. In capitals it
 * would name one, and then not be found among what was told of it by its own spelling.
 */
export const isUuid = (text: string): boolean => uuid.test(text);

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether PostgreSQL would take it as a uuid. What is none names no row: it must not become an error of the driver. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** Whether a cookie's value can be a session id of ours: 256 bits in base64url, as core/ids.ts makes them. */
export const isSessionId = (value: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(value);

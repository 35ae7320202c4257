/** Whether a URL's host can only be this machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname);

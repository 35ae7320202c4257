/**
 * Why an address is refused; `null` where a letter could be sent to it. Only the shape is checked (RFC 5321, section
 * 4.5.3.1, for the lengths): whether it is somebody's is what a letter to it tells.
 */
export function findEmailFault(address: string): string | null {
  const at = address.indexOf('@');
  const plain = !/[\p{C}\p{Z}<>(),;:"\\[\]]/u.test(address);
  const oneAt = at > 0 && at === address.lastIndexOf('@') && at < address.length - 1;
  const lengths = at <= 64 && address.length <= 254;
  return plain && oneAt && lengths ? null : 'Give an e-mail address of the form name@example.org.';
}

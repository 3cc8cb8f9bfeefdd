// Addresses as people write them, so that one sender is one sender however its address came.

/** IPv4 behind an IPv6 socket is IPv4. */
export const plainAddress = (address: string): string => (address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address);

/** IPv6 as the kernel writes it: small letters, the longest run of zeros left out. */
export const canonicalV6 = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1);

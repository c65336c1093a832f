/** Numbers of the protocols that have ports where weir looks for them: the first four bytes. */
export const TRANSPORTS = { tcp: 6, udp: 17, sctp: 132 } as const;

/** One of {@link TRANSPORTS}. */
export type Transport = keyof typeof TRANSPORTS;

export function isTransport(name: string): name is Transport {
  return Object.hasOwn(TRANSPORTS, name);
}

import type { Protocol } from "../connection.ts";

/** See https://www.iana.org/assignments/protocol-numbers; those that are met on networks. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "hopopt"],
  [1, "icmp"],
  [2, "igmp"],
  [4, "ipip"],
  [6, "tcp"],
  [8, "egp"],
  [17, "udp"],
  [33, "dccp"],
  [41, "ipv6"],
  [43, "ipv6-route"],
  [44, "ipv6-frag"],
  [46, "rsvp"],
  [47, "gre"],
  [50, "esp"],
  [51, "ah"],
  [58, "icmpv6"],
  [59, "ipv6-nonxt"],
  [60, "ipv6-opts"],
  [88, "eigrp"],
  [89, "ospf"],
  [97, "etherip"],
  [103, "pim"],
  [108, "ipcomp"],
  [112, "vrrp"],
  [115, "l2tp"],
  [124, "isis"],
  [132, "sctp"],
  [135, "mobility"],
  [136, "udplite"],
  [137, "mpls-in-ip"],
  [139, "hip"],
  [140, "shim6"],
]);

/** Made once, since a table of connections names the same few over and over. */
const PROTOCOLS: readonly Protocol[] = Array.from({ length: 256 }, (_, number) =>
  Object.freeze({ number, name: NAMES.get(number) ?? String(number) }),
);

/** The protocol with this number (0–255). */
export function protocol(number: number): Protocol {
  const found = PROTOCOLS[number];
  if (found === undefined) throw new RangeError(`a protocol number is a byte, not ${number}`);
  return found;
}

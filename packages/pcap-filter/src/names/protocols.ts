// https://www.iana.org/assignments/protocol-numbers, built in as the ports are.
const PROTOCOLS: Readonly<Record<string, number>> = {
  hopopt: 0,
  ip: 0,
  icmp: 1,
  igmp: 2,
  ggp: 3,
  "ip-encap": 4,
  ipencap: 4,
  st: 5,
  tcp: 6,
  egp: 8,
  igp: 9,
  pup: 12,
  udp: 17,
  hmp: 20,
  "xns-idp": 22,
  rdp: 27,
  "iso-tp4": 29,
  dccp: 33,
  xtp: 36,
  ddp: 37,
  "idpr-cmtp": 38,
  ipv6: 41,
  "ipv6-route": 43,
  "ipv6-frag": 44,
  idrp: 45,
  rsvp: 46,
  gre: 47,
  esp: 50,
  "ipsec-esp": 50,
  ah: 51,
  "ipsec-ah": 51,
  skip: 57,
  "ipv6-icmp": 58,
  "ipv6-nonxt": 59,
  "ipv6-opts": 60,
  cphb: 73,
  rspf: 73,
  vmtp: 81,
  eigrp: 88,
  ospf: 89,
  ospfigp: 89,
  "ax.25": 93,
  ipip: 94,
  etherip: 97,
  encap: 98,
  pim: 103,
  ipcomp: 108,
  vrrp: 112,
  l2tp: 115,
  isis: 124,
  sctp: 132,
  fc: 133,
  "mobility-header": 135,
  udplite: 136,
  "mpls-in-ip": 137,
  manet: 138,
  hip: 139,
  shim6: 140,
  wesp: 141,
  rohc: 142,
  ethernet: 143,
};

export const ETHERNET_IP = 0x0800;
export const ETHERNET_ARP = 0x0806;
export const ETHERNET_RARP = 0x8035;
export const ETHERNET_IP6 = 0x86dd;

/** Types of Ethernet frames, and `stp`, which has no type but a service access point of LLC. */
const ETHERNET_TYPES: Readonly<Record<string, number>> = {
  stp: 0x42,
  ip: ETHERNET_IP,
  arp: ETHERNET_ARP,
  rarp: ETHERNET_RARP,
  ip6: ETHERNET_IP6,
  mopdl: 0x6001,
  moprc: 0x6002,
  loopback: 0x9000,
};

/** The number that a header of IPv4 or IPv6 has for a protocol. */
export function protocolNumber(name: string): number | undefined {
  const word = name.toLowerCase();
  return Object.hasOwn(PROTOCOLS, word) ? PROTOCOLS[word] : undefined;
}

/** The type that a frame has for a protocol. */
export function ethernetType(name: string): number | undefined {
  return Object.hasOwn(ETHERNET_TYPES, name) ? ETHERNET_TYPES[name] : undefined;
}

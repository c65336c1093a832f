/** Words that stand for the same as another one. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ppp: "ether",
  link: "ether",
  fddi: "ether",
  tr: "ether",
  wlan: "ether",
  slip: "ether",
  length: "len",
};

/** Protocols that an expression may begin with. */
export const PROTOCOLS = [
  "ether",
  "ip",
  "ip6",
  "arp",
  "rarp",
  "tcp",
  "udp",
  "sctp",
  "icmp",
  "icmp6",
  "igmp",
  "igrp",
  "pim",
  "vrrp",
  "carp",
  "ah",
  "esp",
  "stp",
] as const;

/** One of {@link PROTOCOLS}. */
export type Protocol = (typeof PROTOCOLS)[number];

const OTHERS: readonly string[] = [
  ...["src", "dst", "host", "net", "mask", "port", "portrange", "proto", "protochain"],
  ...["and", "or", "not", "in", "len", "less", "greater", "broadcast", "multicast", "vlan", "mpls"],
];

/** Words that tcpdump knows and weir does not, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  gateway: "it needs the addresses of a host by its name, which weir does not look up",
  inbound: "every frame that a program at the driver sees is inbound",
  outbound: "every frame that a program at the driver sees is inbound",
  byte: "write it as ether[…]",
  ...Object.fromEntries(["ifname", "on", "ifindex"].map((word) => [word, "a program is on one interface"])),
  ...Object.fromEntries(
    ["rnr", "rulenum", "rset", "ruleset", "srnr", "subrulenum", "reason", "action"].map((word) => [
      word,
      "it is about records of OpenBSD's packet filter",
    ]),
  ),
  ...Object.fromEntries(
    [
      "addr1",
      "addr2",
      "addr3",
      "addr4",
      "address1",
      "address2",
      "address3",
      "address4",
      "ra",
      "ta",
      "type",
      "subtype",
      "dir",
      "direction",
    ].map((word) => [word, "it is about frames of 802.11, which Ethernet drivers do not have"]),
  ),
  ...Object.fromEntries(
    [
      "vpi",
      "vci",
      "lane",
      "oam",
      "oamf4",
      "oamf4ec",
      "oamf4sc",
      "metac",
      "bcc",
      "sc",
      "ilmic",
      "connectmsg",
      "metaconnect",
    ].map((word) => [word, "it is about ATM, which Ethernet drivers do not have"]),
  ),
  ...Object.fromEntries(
    [
      "fisu",
      "lssu",
      "lsu",
      "msu",
      "hfisu",
      "hlssu",
      "hmsu",
      "sio",
      "opc",
      "dpc",
      "sls",
      "hsio",
      "hopc",
      "hdpc",
      "hsls",
    ].map((word) => [word, "it is about SS7, which Ethernet drivers do not have"]),
  ),
  ...Object.fromEntries(
    [
      "decnet",
      "lat",
      "sca",
      "moprc",
      "mopdl",
      "aarp",
      "atalk",
      "ipx",
      "netbeui",
      "iso",
      "clnp",
      "esis",
      "isis",
      "l1",
      "l2",
      "iih",
      "lsp",
      "snp",
      "csnp",
      "psnp",
      "llc",
      "radio",
    ].map((word) => [
      word,
      "weir leaves out protocols that are not on today's networks; ether proto NUMBER matches a type by its number",
    ]),
  ),
  ...Object.fromEntries(
    ["pppoed", "pppoes", "geneve"].map((word) => [word, "weir does not look into this encapsulation"]),
  ),
};

const KEYWORDS: ReadonlySet<string> = new Set([...PROTOCOLS, ...OTHERS, ...Object.keys(LEFT_OUT)]);

/** Whether a word is one of the language. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

/** A word by the spelling that is used here. */
export function otherSpelling(word: string): string {
  return Object.hasOwn(SPELLINGS, word) ? (SPELLINGS[word] ?? word) : word;
}

/** Why weir does not have a word that tcpdump has. */
export function whyLeftOut(word: string): string | undefined {
  return Object.hasOwn(LEFT_OUT, word) ? LEFT_OUT[word] : undefined;
}

/** A protocol's name, if the word is one. */
export function protocolNamed(word: string): Protocol | undefined {
  return PROTOCOLS.find((name) => name === word);
}

import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { Filter, type Sets } from "../../src/index.ts";
import { randomFrame } from "../fixtures/random-frame.ts";

const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);
/** What the sets have in them. */
const NETS = ["10.0.0.0/31", "192.0.2.7/32"];
const NETS6 = ["2001:db8::/127"];
const PORTS = [53, 80];
const MACS = ["02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff"];

const sets: Sets = {
  has(_set, of, words) {
    if (of === "port") return PORTS.includes(words[0] ?? 0);
    if (of === "mac") return [0x0200_0000_0001, 0xffff_ffff_ffff].includes((words[0] ?? 0) * 2 ** 32 + (words[1] ?? 0));
    const [first = 0, ...rest] = words;
    if (of === "ipv4") return first === 0x0a00_0000 || first === 0x0a00_0001 || first === 0xc000_0207;
    return first === 0x2001_0db8 && ["0 0 0", "0 0 1"].includes(rest.join(" "));
  },
};

const DIRECTIONS = ["", "src ", "dst ", "src or dst "];
/** Asking a set, and asking for each of its entries, of both families where both can be meant. */
const PAIRS: readonly (readonly [ofSet: string, ofEntries: string])[] = DIRECTIONS.flatMap((direction) => {
  // All are looked for at the one end, and then at the other: it may have been cut off.
  const ends = direction === "" || direction === "src or dst " ? ["src ", "dst "] : [direction];
  const each = (before: string, type: string, among: readonly (string | number)[]) =>
    ends.flatMap((end) => among.map((id) => `${before}${end}${type} ${id}`)).join(" or ");
  const nets = (protocol: string, among: readonly string[]) => each(protocol, "net", among);
  const ports = (protocol: string) => each(protocol, "port", PORTS);
  const macs = each("ether ", "host", MACS);
  return [
    [`${direction}host in @s`, `${nets("", NETS)} or ${nets("", NETS6)}`],
    ...["ip ", "arp ", "rarp "].map((protocol) => [`${protocol}${direction}in @s`, nets(protocol, NETS)] as const),
    [`ip6 ${direction}in @s`, nets("ip6 ", NETS6)],
    ...["", "tcp ", "udp ", "sctp "].map((protocol) => [`${protocol}${direction}port in @s`, ports(protocol)] as const),
    [`ether ${direction}in @s`, macs],
  ] as const;
});
/** Ethernet, five tags or labels, IPv6. */
const LONGEST_HEADERS = 14 + 5 * 4 + 40;
/** Around them, since what comes behind the end of a frame ends the whole expression. */
const AROUND = ["_", "not (_)", "udp and (_)", "vlan and (_)", "mpls and (_)", "(_) or ip[8] = 64"] as const;

test.each(["exact", "through"] as const)("a set is asked as its entries would be, one by one; tags %s", (vlan) => {
  const random = new Random(seed);
  const frames = Array.from({ length: 4000 }, () => randomFrame(random));
  let matches = 0;
  for (const [ofSet, ofEntries] of PAIRS) {
    for (const around of AROUND) {
      // Behind a label of MPLS nothing else than IP can be asked for.
      if (around.startsWith("mpls") && /arp/.test(ofSet)) continue;
      const one = new Filter(around.replace("_", ofSet), { vlan });
      const other = new Filter(around.replace("_", ofEntries), { vlan });
      // Of an address of IPv6 a set is asked with the whole, and a net with no more than what differs.
      const isWhole = /^(?:ip6|src host|dst host|host|src or dst host) /.test(ofSet);
      for (const { bytes, length } of frames) {
        if (isWhole && bytes.length < LONGEST_HEADERS) continue;
        const is = one.matches(bytes, length, sets);
        matches += Number(is);
        if (is !== other.matches(bytes, length))
          throw new Error(`seed ${seed}: ${one.expression} ${is}: ${Buffer.from(bytes).toString("hex")}`);
      }
    }
  }
  expect(matches / (PAIRS.length * AROUND.length * frames.length)).toBeGreaterThan(0.05);
});

import { Machine } from "@weir/bytecode/machine";
import { Random } from "@weir/laboratory";
import { Filter } from "@weir/pcap-filter";
import { expect, test } from "vitest";
import { NO_RULE } from "../../src/compile/found-rules.ts";
import { decidedObject } from "../fixtures/decided-object.ts";
import { decidedBy } from "../fixtures/random-rules.ts";

const EXPRESSIONS = [
  "udp dst port 53 and src net 53.0.0.0/8",
  "tcp src port 53 and not dst port 53",
  "dst port 53 and not src host 0.53.0.53",
  "udp[4:2] = 53 and udp src port 0",
  "tcp[3] = 53 and ip[6:2] & 0x1fff = 0",
  "icmp[0] = 53",
  "src port 13621",
  "sctp dst portrange 50-60",
  "ip[8] = 53 and not udp",
  "ip src 53.53.0.0",
  "not ip src 0.0.0.0 and portrange 0-53",
];

// Expressions look for what follows a header of IPv4 where it says that it ends, even if that is within it.
test.each(["exact", "through"] as const)("frames that end within a header of IPv4 of any length (%s)", (vlan) => {
  const random = new Random(20_261_130);
  const rules = EXPRESSIONS.map((expression) => ({ filter: new Filter(expression, { vlan }), decides: true }));
  const meanings = rules.map(({ filter, decides }) => ({ meaning: filter.meaning, decides }));
  const machine = new Machine(decidedObject(meanings, vlan, { verify: true }));
  const found = new Set<number>();
  for (let length = 14; length <= 40; length++) {
    for (let words = 0; words <= 6; words++) {
      for (const protocol of [1, 6, 17, 132]) {
        for (let time = 0; time < 50; time++) {
          const bytes = Uint8Array.from({ length }, () => (random.below(2) === 0 ? 0 : 53));
          const header = [0x08, 0x00, 0x40 | words];
          bytes.set(header.slice(0, length - 12), 12);
          if (length > 21 && random.below(4) > 0) bytes.fill(0, 20, 22);
          if (length > 23) bytes[23] = protocol;
          const expected = decidedBy(rules, bytes);
          const { result } = machine.run({ packet: bytes });
          expect(result, Buffer.from(bytes).toString("hex")).toBe(BigInt(expected));
          if (length < 34 && words < 5) found.add(expected);
        }
      }
    }
  }
  // All rules, and none.
  expect([...found].sort((one, other) => one - other)).toEqual([...EXPRESSIONS.keys(), NO_RULE]);
});

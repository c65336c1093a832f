import { Random, requireRoot, requireTool } from "@weir/laboratory";
import { ethernet, internetChecksum } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { objectOfC, packetOf, REQUEST_SIZE, Twin } from "../twin/twin.ts";

/** The request stands where Ethernet's addresses and payload are; the type in between is nobody's. */
const LENGTH = REQUEST_SIZE + 20;

describe.skipIf(requireRoot() ?? requireTool("clang"))(
  "programs at the edge of the stack: the machine is the kernel",
  () => {
    const object = objectOfC("socket-buffers.c");

    test("parts of a packet are read and written, within it", async () => {
      using twin = await Twin.load(object);
      for (const number of [0, 14, 40, LENGTH - 16, LENGTH - 15, LENGTH, 70_000, 0xffff_fff0]) {
        for (const kind of [0, 1])
          twin.ask("buffers", { kind, number, value: new Uint8Array(16).fill(number) }, LENGTH);
      }
    });

    test("checksums change by what changes", async () => {
      using twin = await Twin.load(object);
      const random = new Random(31);
      const eight = () => Uint8Array.from({ length: 8 }, () => (random.chance(20) ? 0 : random.below(256)));
      for (let round = 0; round < 300; round++) {
        const kind = random.pick([2, 3]);
        const size = BigInt(random.pick([0, 2, 4, 4, 2, 5]));
        const flags = kind === 2 ? size : size | BigInt(random.pick([0, 0, 0x20, 0x60, 0x100]));
        const key = size === 0n && random.chance(80) ? new Uint8Array(8) : eight();
        const number = random.pick([80, 82, 83, LENGTH - 2, LENGTH - 1, 64]);
        twin.ask("buffers", { kind, number, flags, key, value: eight(), answer: eight() }, LENGTH);
      }
    });

    test("a checksum of a real header stays right", async () => {
      using twin = await Twin.load(object);
      const header = ethernet().ipv4({ source: "192.0.2.1" }).udp().toBytes().subarray(14, 34);
      const [sourceAt, checksumAt] = [12, 10];
      const packet = packetOf({ kind: 2, number: REQUEST_SIZE + checksumAt, flags: 4n }, LENGTH);
      packet.set(header, REQUEST_SIZE);
      // From 192.0.2.1 to 198.51.100.7.
      packet.set(Uint8Array.of(192, 0, 2, 1), 32);
      packet.set(Uint8Array.of(198, 51, 100, 7), 40);
      const { packet: after } = twin.run("buffers", packet, "a header");
      const changed = after.slice(REQUEST_SIZE, REQUEST_SIZE + header.length);
      changed.set(Uint8Array.of(198, 51, 100, 7), sourceAt);
      expect(internetChecksum(changed)).toBe(0);
    });

    test("fields of the buffer are read and written", async () => {
      using twin = await Twin.load(object);
      for (const kind of [4, 5])
        for (const number of [0, 7, 0x7fff_ffff]) twin.ask("buffers", { kind, number }, LENGTH);
    });
  },
);

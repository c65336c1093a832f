import { Random, requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type Asked, hex, objectOfC, packetOf, REQUEST_SIZE, Twin } from "../twin/twin.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(16, "\0")).subarray(0, 16);
const random16 = (random: Random): Uint8Array => Uint8Array.from({ length: 16 }, () => random.below(256));
/** Bytes of a packet that one buffer takes. */
const ONE_BUFFER = 3520;

describe.skipIf(requireRoot() ?? requireTool("clang"))(
  "what programs do with packets in the machine is what the kernel does",
  () => {
    const object = objectOfC("packets.c");

    test.each(["moves", "moves_frags"])("%s: the ends of a packet", async (program) => {
      using twin = await Twin.load(object);
      const random = new Random(11);
      const nearby = [
        -256, -253, -217, -216, -215, -212, -32, -8, -4, -3, 0, 1, 4, 32, 60, 66, 67, 80, 200, 3440, 3441,
      ];
      const lengths =
        program === "moves"
          ? [80, 81, 100, 1514, ONE_BUFFER]
          : [80, 1514, ONE_BUFFER, ONE_BUFFER + 1, 4000, 7616, 9000];
      for (const length of lengths) {
        for (const kind of [0, 1, 2, 3]) {
          const around = [...nearby, -length, 14 - length, 13 - length, ONE_BUFFER - length, ONE_BUFFER + 1 - length];
          for (const by of [...around, random.below(400) - 200, random.below(9000) - 4500]) {
            const asked = { kind, number: by >>> 0 };
            twin.run(program, packetOf(asked, length), `${JSON.stringify({ ...asked, by })} of ${length} bytes`);
          }
        }
      }
    });

    test("metadata, interface and queue of a packet that came in", async () => {
      using twin = await Twin.load(object);
      for (const metadata of [new Uint8Array(), new Uint8Array(4).fill(3), new Uint8Array(216).fill(9)]) {
        for (const number of [-8, -4, 0, 4, 8, 252, -212]) {
          for (const kind of [0, 2]) {
            const packet = packetOf({ kind, number: number >>> 0 }, 100);
            twin.run("moves", packet, `${kind} by ${number} with ${metadata.length} bytes before`, { metadata });
          }
        }
      }
      for (const around of [{}, { ingressInterface: 1 }, { ingressInterface: 1, receiveQueue: 0 }]) {
        twin.run("arrival", packetOf({}, 100), JSON.stringify(around), around);
      }
    });

    test.each(["copies", "copies_frags"])("%s: parts of a packet", async (program) => {
      using twin = await Twin.load(object);
      const random = new Random(13);
      const lengths = program === "copies" ? [80, 1000, ONE_BUFFER] : [80, ONE_BUFFER + 5, 9000];
      for (const length of lengths) {
        for (let round = 0; round < 120; round++) {
          const number = random.pick([
            0,
            16,
            56,
            length - 16,
            length - 15,
            length - 1,
            length,
            3510,
            65_535,
            65_536,
            random.below(length),
          ]);
          const asked: Asked = {
            kind: random.below(2),
            number,
            flags: BigInt(random.below(16)),
            value: random16(random),
          };
          twin.ask(program, asked, length);
        }
      }
    });

    test("differences of checksums", async () => {
      using twin = await Twin.load(object);
      const random = new Random(17);
      const corners = [new Uint8Array(16), new Uint8Array(16).fill(255), bytesOf("\x01")];
      for (let round = 0; round < 300; round++) {
        const pick = () =>
          random.chance(30) ? random.pick([corners[0] ?? random16(random), ...corners]) : random16(random);
        const number = random.pick([0, 1, 0xffff, 0x1_0000, 0xffff_ffff, random.below(2 ** 32)]);
        twin.ask("sums", { kind: random.below(4), number, value: pick(), answer: pick() });
      }
    });

    test("numbers in texts", async () => {
      using twin = await Twin.load(object);
      const texts = [
        "0",
        "7",
        "-7",
        "+7",
        " 12",
        "\t 12 x",
        "0x1f",
        "0X1F",
        "1f",
        "017",
        "08",
        "x",
        "",
        "-",
        "- 1",
        "9223372036854775807",
        "9223372036854775808",
        "-922337203685477",
        "18446744073709551",
        "0x",
        "0xg",
        "12abc",
        "--1",
        "00",
        "0x00ff ",
      ];
      for (const text of texts) {
        for (const kind of [0, 1]) {
          for (const flags of [0n, 8n, 10n, 16n, 2n, 32n]) {
            for (const number of [0, 1, 3, text.length & 15])
              twin.ask("numbers_in_text", { kind, flags, number, value: bytesOf(text) });
          }
        }
      }
    });

    test("texts compared and put together", async () => {
      using twin = await Twin.load(object);
      for (const text of ["weir", "weirs", "wei", "weiz", "weia", "", "\xff"]) {
        const { result } = twin.ask("texts", { kind: 0, value: bytesOf(text) });
        if (text === "weir") expect(result).toBe(0n);
      }
      for (const kind of [1, 5, 30, 48, 63]) {
        for (const number of [0, 1, 255, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
          for (const flags of [0n, 1n, 0xffff_ffffn, (1n << 64n) - 1n, 1n << 63n]) {
            const packet = packetOf({ kind, number, flags }, REQUEST_SIZE + 60);
            const { packet: after } = twin.run("texts", packet, `${kind} ${number} ${flags}`);
            expect(hex(after)).not.toBe(hex(packet));
          }
        }
      }
    });
  },
);

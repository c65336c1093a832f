import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { Filter } from "../../src/index.ts";
import { randomExpression } from "../fixtures/random-expression.ts";
import { randomFrame } from "../fixtures/random-frame.ts";

const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);
const TAG_TYPES = [0x8100, 0x88a8, 0x9100];

/** A frame of UDP with tags of these VLANs, from outside in. */
function tagged(...ids: readonly number[]): Uint8Array {
  const tags = ids.flatMap((id, index) => [...word(TAG_TYPES[index % 3] ?? 0), ...word(0x2000 | id)]);
  const ip = [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 80, 0, 53, 0, 8, 0, 0];
  return Uint8Array.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...tags, ...word(0x0800), ...ip]);
}

function word(value: number): number[] {
  return [value >> 8, value & 255];
}

const through = (expression: string, frame: Uint8Array): boolean =>
  new Filter(expression, { vlan: "through" }).matches(frame);

test("primitives look behind all tags, and at no more than eight", () => {
  for (const expression of [
    "udp",
    "dst port 53",
    "host 10.0.0.1",
    "ip",
    "ip[9] = 17",
    "udp[2:2] = 53",
    "ip protochain 17",
  ]) {
    for (let count = 0; count <= 8; count++) {
      expect(through(expression, tagged(...Array.from({ length: count }, () => 5))), `${expression}, ${count}`).toBe(
        true,
      );
    }
    expect(through(expression, tagged(...Array.from({ length: 9 }, () => 5))), `${expression}, 9`).toBe(false);
  }
  // The ninth one is what is found in the place of the payload.
  expect(through("ether proto 0x8100", tagged(...Array.from({ length: 9 }, () => 5)))).toBe(false);
  expect(through("ether proto 0x9100", tagged(...Array.from({ length: 9 }, () => 5)))).toBe(true);
});

test("addresses and bytes of Ethernet are the frame's own", () => {
  expect(through("ether src 02:00:00:00:00:02 and ether[12:2] = 0x8100 and ether[14:2] & 0xfff = 5", tagged(5))).toBe(
    true,
  );
  expect(through("len = 46", tagged(5))).toBe(true);
});

const TAGS: readonly (readonly [expression: string, frames: readonly boolean[]])[] = [
  // Untagged, 5, 7, 5 around 7, 7 around 5.
  ["vlan", [false, true, true, true, true]],
  ["vlan 5", [false, true, false, true, false]],
  ["vlan 5 and vlan 7", [false, false, false, true, false]],
  ["vlan and vlan", [false, false, false, true, true]],
  ["vlan and not vlan", [false, true, true, false, false]],
  ["vlan and vlan 5", [false, false, false, false, true]],
  ["vlan 5 or vlan 7", [false, true, true, true, true]],
  ["(vlan 5 or vlan 7) and vlan 7", [false, false, true, false, true]],
  ["vlan 7 and (vlan 7 or vlan 5)", [false, false, false, false, true]],
  ["not vlan 5 and vlan 7", [false, false, true, false, true]],
  ["not (vlan 5 and vlan 7)", [true, true, true, false, true]],
  ["not (vlan 5 and vlan 7) and vlan 5", [false, true, false, false, false]],
  ["port 53 or (vlan and port 80)", [true, true, true, true, true]],
  ["vlan 5 and udp and vlan 7 and dst port 53", [false, false, false, true, false]],
];

test.each(TAGS)("%s", (expression, expected) => {
  const frames = [tagged(), tagged(5), tagged(7), tagged(5, 7), tagged(7, 5)];
  expect(frames.map((frame) => through(expression, frame))).toEqual(expected);
});

test("labels of MPLS are looked for behind tags, and tags are asked from outside in also behind labels", () => {
  const label = [0, 6, 0x41, 64];
  const inside = [...tagged().subarray(14)];
  const frame = Uint8Array.from([...tagged(5).subarray(0, 16), 0x88, 0x47, ...label, ...inside]);
  expect(through("mpls 100 and dst port 53", frame)).toBe(true);
  expect(through("mpls and vlan 5 and udp", frame)).toBe(true);
  expect(through("vlan 5 and mpls and vlan", frame)).toBe(false);
  expect(through("dst port 53", frame)).toBe(false);
});

test("a tag that is cut off ends the expression where it would be looked behind", () => {
  const whole = tagged(5);
  for (const captured of [13, 14, 15, 17]) {
    expect(through("not arp", whole.subarray(0, captured)), `${captured}`).toBe(false);
    expect(through("ether src 02:00:00:00:00:02", whole.subarray(0, captured))).toBe(true);
  }
  expect(through("not arp", whole.subarray(0, 18))).toBe(true);
  expect(through("vlan", whole.subarray(0, 14))).toBe(true);
  expect(through("vlan 5", whole.subarray(0, 16))).toBe(true);
  expect(through("vlan 5", whole.subarray(0, 15))).toBe(false);
});

/** The frame without its tags; where one is cut off, all that is known is before them. Undefined if there are too many. */
function withoutTags(bytes: Uint8Array): Uint8Array | undefined {
  let at = 12;
  while (bytes.length >= at + 2 && TAG_TYPES.includes(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))) at += 4;
  if (at > 12 + 4 * 8) return undefined;
  return Uint8Array.from([...bytes.subarray(0, 12), ...bytes.subarray(at)]);
}

test("random expressions match what they match in the frame without tags, read exactly", { timeout: 120_000 }, () => {
  const random = new Random(seed);
  let [compared, tags, matches] = [0, 0, 0];
  for (let count = 0; count < 3_000; count++) {
    const expression = randomExpression(random);
    if (/vlan|ether ?\[|len|less|greater/.test(expression)) continue;
    const filters = both(expression);
    if (filters === undefined) continue;
    for (let frame = 0; frame < 100; frame++) {
      const { bytes, length } = randomFrame(random);
      const twin = withoutTags(bytes);
      if (twin === undefined) continue;
      const [looking, exact] = [filters.through.matches(bytes, length), filters.exact.matches(twin, length)];
      compared += 1;
      tags += Number(twin.length < bytes.length);
      matches += Number(exact);
      if (looking !== exact)
        throw new Error(`seed ${seed}: "${expression}" through ${looking}: ${Buffer.from(bytes).toString("hex")}`);
    }
  }
  expect(compared).toBeGreaterThan(80_000);
  expect(tags / compared).toBeGreaterThan(0.1);
  expect(matches / compared).toBeGreaterThan(0.05);
});

test("random expressions with all that there is match the same in frames without tags", { timeout: 120_000 }, () => {
  const random = new Random(seed + 1);
  let [compared, matches] = [0, 0];
  for (let count = 0; count < 2_000; count++) {
    const expression = randomExpression(random);
    // Read exactly, it moves what stands behind it also in frames that have no tag.
    if (expression.includes("vlan")) continue;
    const filters = both(expression);
    if (filters === undefined) continue;
    for (let frame = 0; frame < 100; frame++) {
      const { bytes, length } = randomFrame(random);
      if (withoutTags(bytes)?.length !== bytes.length) continue;
      const exact = filters.exact.matches(bytes, length);
      compared += 1;
      matches += Number(exact);
      if (filters.through.matches(bytes, length) !== exact)
        throw new Error(`seed ${seed}: "${expression}" through ${!exact}: ${Buffer.from(bytes).toString("hex")}`);
    }
  }
  expect(compared).toBeGreaterThan(50_000);
  expect(matches / compared).toBeGreaterThan(0.05);
});

function both(expression: string): { readonly through: Filter; readonly exact: Filter } | undefined {
  const [exact, looking] = (["exact", "through"] as const).map((vlan) => attempt(expression, vlan));
  expect(looking === undefined, expression).toBe(exact === undefined);
  return exact && looking && { through: looking, exact };
}

function attempt(expression: string, vlan: "exact" | "through"): Filter | undefined {
  try {
    return new Filter(expression, { vlan });
  } catch (error) {
    if (error instanceof Error && error.name === "FilterError") return undefined;
    throw error;
  }
}

import { expect, test } from "vitest";
import { BtfBuilder, btfOfLayout, parseBtf, recordLayouts, tagRecord } from "../../../src/index.ts";
import { be32, struct, u32, u64 } from "../../../src/layout/index.ts";

const Seen = struct({ source: be32, length: u32 });
const Lost = struct({ packets: u64 });

test("records are found by the map that carries them, as they were described", () => {
  const builder = new BtfBuilder();
  tagRecord(builder, "EVENTS", btfOfLayout(builder, Seen, "Seen"));
  tagRecord(builder, "OTHERS", btfOfLayout(builder, Lost, "Lost"));
  tagRecord(builder, "EVENTS", btfOfLayout(builder, Lost, "Lost"));
  const btf = parseBtf(builder.build());
  expect(recordLayouts(btf, "EVENTS")).toEqual([Seen, Lost]);
  expect(recordLayouts(btf, "OTHERS")).toEqual([Lost]);
  expect(recordLayouts(btf, "NONE")).toEqual([]);
});

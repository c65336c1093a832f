import { requireRoot } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { replay } from "../../src/index.ts";
import { captureFile, pcap } from "../unit/captures/capture-writer.ts";

/** Ethernet, IPv4 and UDP, from as many ports as there are frames. */
function datagrams(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    ethernet()
      .ipv4()
      .udp({ sourcePort: 1000 + (index % 60_000) })
      .toBytes(),
  );
}

describe.skipIf(requireRoot())("replay", () => {
  test("counts as overflow what finds no place in the table", async () => {
    using file = captureFile(pcap(datagrams(1000)));
    const { counters, connections, tracked } = await replay(file.path, { connections: 100, limit: 3 });
    expect(connections).toHaveLength(3);
    expect(tracked).toBeGreaterThanOrEqual(100);
    expect(tracked).toBeLessThan(1000);
    expect(counters.overflow).toBe(1000n - BigInt(tracked));
  });

  test("stops where its signal says so", async () => {
    using file = captureFile(pcap(datagrams(20_000)));
    const reason = new Error("enough");
    await expect(replay(file.path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("says where a capture is cut off", async () => {
    using file = captureFile(pcap(datagrams(3)).subarray(0, -1));
    await expect(replay(file.path)).rejects.toMatchObject({ code: "WEIR_CAPTURE_TRUNCATED", frames: 2 });
  });
});

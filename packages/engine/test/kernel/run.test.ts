import { type ObjectSpec, readObject } from "@weir/bytecode";
import { type Running, run } from "@weir/engine/development";
import { inNetworkNamespace } from "@weir/kernel";
import { NetworkNamespace, requireRoot, requireTool } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileC } from "../../../bytecode/test/samples/clang.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "clang");

const C = `
static long (*print)(const char *format, u32 size, ...) = (void *) 6;
static long (*output)(void *map, void *data, u64 size, u64 flags) = (void *) 130;
struct { __uint(type, 27); __uint(max_entries, 4096); } EVENTS SEC(".maps");
struct { __uint(type, 6); __type(key, u32); __type(value, u64); __uint(max_entries, 4); } COUNTS SEC(".maps");
u64 packets;
u32 limit = 7;
#define COUNT(index) { u32 key = index; u64 *count = bpf_map_lookup_elem(&COUNTS, &key); if (count) *count += 1; }
`;

/** Counts what passes at the interface, at its tcx hook, and at a tracepoint, and tells of it in every way there is. */
const first = `${C}
SEC("xdp") int at_interface(struct xdp_md *ctx) {
  static const char format[] = "xdp saw %d of many";
  packets += 1;
  COUNT(0)
  output(&EVENTS, &packets, 8, 0);
  print(format, sizeof(format), packets + limit);
  return 2;
}
SEC("tcx/ingress") int at_tcx(void *ctx) { COUNT(1) return -1; }
SEC("raw_tp/netif_receive_skb") int at_tracepoint(void *ctx) { COUNT(2) return 0; }
SEC("tp/net/net_dev_queue") int at_event(void *ctx) { COUNT(3) return 0; }
`;

describe.skipIf(missing)("run", () => {
  let namespace: NetworkNamespace;
  let object: ObjectSpec;
  beforeAll(() => {
    namespace = NetworkNamespace.create({ ipv6: "off" });
    object = readObject(compileC(first));
  });
  afterAll(() => namespace[Symbol.dispose]());

  const start = (spec = object): Running => inNetworkNamespace(namespace.path, () => run(spec, { interface: "lo" }));
  const send = (packets: number) =>
    namespace.run("bash", ["-c", `for n in {1..${packets}}; do echo > /dev/udp/127.0.0.1/9; done`]);
  /** Elements of COUNTS by index: those of tracepoints count for the whole machine. */
  const counts = (running: Running): Map<unknown, bigint> => {
    const map = running.maps().find(({ name }) => name === "COUNTS");
    if (map?.kind !== "entries") throw new Error("there are no counts");
    return new Map(map.entries.map(({ key, value }) => [key, BigInt(String(value))]));
  };
  const variables = (running: Running) =>
    running
      .maps()
      .flatMap((map) => (map.kind === "variables" ? map.variables.map(({ name, value }) => [name, value]) : []));

  test("attaches each program where it says, and reads maps, variables, records and what is printed", () => {
    using running = start();
    expect(running.programs.map(({ name, place }) => [name, place])).toEqual([
      ["at_interface", "lo (skb)"],
      ["at_tcx", "lo (tcx ingress)"],
      ["at_tracepoint", "tracepoint netif_receive_skb"],
      ["at_event", "tracepoint net/net_dev_queue"],
    ]);
    // Somebody else prints, too: what these programs cannot have printed is left out.
    using other = inNetworkNamespace(namespace.path, () =>
      run(
        readObject(
          compileC(
            `${C} SEC("tcx/egress") int shout(void *ctx) { static const char f[] = "other %d"; print(f, sizeof(f), 1); return -1; }`,
          ),
        ),
        { interface: "lo" },
      ),
    );
    send(3);

    const found = counts(running);
    // Each datagram comes back as an ICMP error.
    expect(found.get(0)).toBe(6n);
    expect(found.get(1)).toBe(6n);
    expect(found.get(2)).toBeGreaterThanOrEqual(6n);
    expect(found.get(3)).toBeGreaterThanOrEqual(6n);
    expect(variables(running)).toEqual(
      expect.arrayContaining([
        ["packets", 6n],
        ["limit", 7],
      ]),
    );
    expect(running.takeRecords().map(({ map, bytes }) => [map, bytes[0]])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => ["EVENTS", n]),
    );
    expect(running.takeRecords()).toEqual([]);
    expect(running.takeTrace().map(({ text }) => text)).toEqual(
      [8, 9, 10, 11, 12, 13].map((n) => `xdp saw ${n} of many`),
    );
    expect(other.takeTrace().map(({ text }) => text)).toContain("other 1");
    expect(running.attached).toBe(true);
  });

  test("a replacement takes over every place, goes on with the maps, and attaches what is new", () => {
    using running = start(
      readObject(compileC(first.replace(/SEC\("tp\/.*\n/, "").replaceAll("at_interface", "renamed"))),
    );
    const ids = running.programs.map(({ id }) => id);
    send(1);
    const { kept, fresh } = running.replace(object);
    expect(fresh).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(["EVENTS", "COUNTS", ".bss", ".data"]));
    expect(running.programs).toHaveLength(4);
    for (const { id } of running.programs) expect(ids).not.toContain(id);
    send(1);
    expect(counts(running).get(0)).toBe(4n);
    expect(counts(running).get(1)).toBe(4n);
    expect(new Map(variables(running).map(([name, value]) => [name, value])).get("packets")).toBe(4n);
    expect(running.takeRecords()).toHaveLength(4);
  });

  test("another first value of a variable, or another type, starts anew; the rest goes on", () => {
    using running = start();
    send(1);
    const other = first
      .replace("limit = 7", "limit = 8")
      .replace("__type(key, u32); __type(value, u64)", "__type(key, u32); __type(value, u32[2])");
    const changed = other.replace("u64 *count = bpf_map", "u32 *count = bpf_map");
    const { kept, fresh } = running.replace(readObject(compileC(changed)));
    expect(fresh.toSorted()).toEqual([".data", "COUNTS"]);
    expect(kept).toContain(".bss");
    expect(new Map(variables(running).map(([name, value]) => [name, value]))).toEqual(
      new Map<unknown, unknown>([
        ["packets", 2n],
        ["limit", 8],
      ]),
    );
  });

  test("what the verifier refuses leaves the old programs, and closes what was opened", () => {
    using running = start();
    const ids = running.programs.map(({ id }) => id);
    const refused = first.replace("packets += 1;", "packets += *(u64 *) (long) ctx->data;");
    expect(() => running.replace(readObject(compileC(refused)))).toThrow(
      expect.objectContaining({ code: "WEIR_VERIFIER" }),
    );
    expect(running.programs.map(({ id }) => id)).toEqual(ids);
    send(1);
    expect(counts(running).get(0)).toBe(2n);
  });

  test("says which program is meant, where several want one place", () => {
    const two = `${C} SEC("xdp") int one(void *c) { return 2; } SEC("xdp") int two(void *c) { return 2; }`;
    const spec = readObject(compileC(two));
    expect(() => start(spec)).toThrow("an interface takes one XDP program, and there are several: one, two");
    using running = inNetworkNamespace(namespace.path, () => run(spec, { interface: "lo", programs: ["two"] }));
    expect(running.programs).toMatchObject([{ name: "two" }]);
    expect(() => run(spec, { programs: ["two"] })).toThrow('program "two" runs on an interface: say which one');
    expect(() => run(spec, { programs: ["three"] })).toThrow('there is no program "three"; there are one, two');
  });
});

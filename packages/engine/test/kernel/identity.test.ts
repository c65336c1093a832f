import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type Identity, watch } from "../../src/index.ts";
import { watchedVeth } from "./watched-veth.ts";

/** Datagrams to changing ports, for a second. */
const FLOOD = `
  const socket = require("node:dgram").createSocket("udp4");
  const end = performance.now() + 1000;
  let port = 0;
  const next = () => {
    if (performance.now() > end) return socket.close();
    for (let burst = 0; burst < 20; burst++) socket.send("weir", 1 + (port++ % 1000), "192.0.2.2");
    setImmediate(next);
  };
  socket.bind(40000, next);
`;

describe.skipIf(requireRoot())("no frame is lost, and none counted twice", () => {
  test.each([
    { what: "with room for all connections", connections: 10_240, idle: 60 },
    { what: "with a table that is too small", connections: 100, idle: 60 },
    { what: "while connections take over the slots of others", connections: 100, idle: 0.02 },
    { what: "while packets are sampled, too", connections: 100, idle: 0.02, sample: "1/3" },
    { what: "while some connections are chosen", connections: 100, idle: 0.02, sample: "flow:1/3" },
  ])("$what, at every moment", async ({ connections, idle, sample }) => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name, { connections, idle, sample, limit: 0, interval: 0.01 }));
    const flood = veth.sender.spawn(process.execPath, ["-e", FLOOD]);
    const proofs: Identity[] = [];
    for await (const [snapshot] of monitor) {
      if (snapshot !== undefined) proofs.push(snapshot.identity);
      if (flood.exitCode !== null) break;
    }
    expect(proofs.length).toBeGreaterThan(10);
    expect(proofs.filter(({ holds }) => !holds)).toEqual([]);
    const last = proofs.at(-1);
    const sum = last && last.accounted + last.unattributed + last.overflow + last.sampledOut;
    expect(last).toMatchObject({ exact: true, seenAfter: sum });
    expect(last && last.sampledOut > 0n).toBe(sample !== undefined);
    expect(last?.seenAfter).toBeGreaterThan(1000n);
    expect(last && last.overflow > 0n).toBe(connections === 100);
  });
});

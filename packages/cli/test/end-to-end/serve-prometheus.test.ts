import { type NetworkNamespace, requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { network, sendUdp, WATCHED } from "./network.ts";
import { checkDashboard, increase, Prometheus } from "./prometheus.ts";
import { RunningWeir } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "curl", "prometheus");
const UDP = 'weir_protocol_packets_total{interface="veth0",protocol="udp"}';

async function served(namespace: NetworkNamespace): Promise<RunningWeir> {
  const weir = new RunningWeir(["serve", WATCHED, "--top", "3"], namespace);
  await weir.until(({ stderr }) => stderr.includes("serving"));
  return weir;
}

describe.skipIf(missing)("a real Prometheus", () => {
  test("sees what was sent, over a restart, and the dashboard has data", async () => {
    using net = network();
    using first = await served(net.near);
    using prometheus = new Prometheus(net.near, "127.0.0.1:9435");
    await prometheus.until(UDP, ([udp]) => udp?.value === 0);

    await sendUdp(net.far, 300, 4);
    net.far.try("bash", ["-c", "echo > /dev/tcp/192.0.2.1/99"]);
    await sendUdp(net.far, 200);
    await prometheus.until(UDP, ([udp]) => udp?.value === 500);
    // Connections are read before the counters: what came between is in the next scrape.
    const [most] = await prometheus.until("topk(1, weir_connection_bytes_total)", ([top]) => top?.value === 27_500);
    // A frame has 58 bytes of data and 42 of headers.
    expect(increase(prometheus, UDP)).toBe(500);
    expect(increase(prometheus, UDP.replace("packets", "bytes"))).toBe(50_000);
    expect(prometheus.query('weir_protocol_packets_total{protocol="tcp"}')[0]?.value).toBe(1);
    expect(most?.metric).toMatchObject({
      ...{ protocol: "udp", kind: "l4" },
      ...{ source: "192.0.2.2", source_port: "20000", destination_port: "7" },
    });
    // Three connections have series; the fourth, with 75 packets, is among the others, who never fall.
    expect(prometheus.query("count(weir_connection_packets_total)")[0]?.value).toBe(3);
    expect(prometheus.query("weir_other_connections_packets_total")[0]?.value).toBeGreaterThanOrEqual(75);
    expect(prometheus.query("resets(weir_other_connections_packets_total[1h])")[0]?.value).toBe(0);

    // What is of rules is there where rules are.
    await checkDashboard(prometheus, (expression) => !/weir_(rule|default)/.test(expression));

    first.process.kill("SIGTERM");
    expect(await first.exit).toEqual([0, null]);
    await prometheus.until("up", ([up]) => up?.value === 0);
    using _second = await served(net.near);
    await prometheus.until(UDP, ([udp]) => udp?.value === 0);
    await sendUdp(net.far, 120);
    await prometheus.until(UDP, ([udp]) => udp?.value === 120);
    expect(prometheus.query(`resets(${UDP}[1h])`)[0]?.value).toBe(1);
    expect(increase(prometheus, UDP)).toBe(620);
    expect(increase(prometheus, UDP.replace("packets", "bytes"))).toBe(62_000);
  });
});

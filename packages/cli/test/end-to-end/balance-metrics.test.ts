import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { expect, onTestFinished, test } from "vitest";
import { askUdp } from "./balance-client.ts";
import { BACKENDS, BalanceNetwork, backendAddress, ECHO_PORT, VIRTUAL } from "./balance-network.ts";
import { get, metric } from "./served.ts";
import { RunningWeir } from "./weir.ts";

const DOCUMENT = readFileSync(new URL("../../../../docs/serve.md", import.meta.url), "utf8");
const missing = requireRoot() ?? requireTool("ip", "nsenter", "ethtool", "curl", "promtool");

test.skipIf(missing)("weir balance services gives Prometheus what each service and backend got", async () => {
  using network = await BalanceNetwork.create();
  const folder = mkdtempSync(join(tmpdir(), "balance-metrics-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "services.json");
  const backends = BACKENDS.map((number) => ({ address: backendAddress(number, "ipv4") }));
  const health = { type: "icmp", interval: 0.1 };
  const service = { name: "echo", address: VIRTUAL.ipv4, protocol: "udp", port: ECHO_PORT, health, backends };
  writeFileSync(file, JSON.stringify({ services: [service] }));
  const words = ["balance", "services", "eth0", "-c", file, "--json", "--listen", "127.0.0.1:9435"];
  using running = new RunningWeir(words, network.balancer);
  await running.until(({ stderr }) => stderr.includes("metrics on http://127.0.0.1:9435/metrics"));
  await askUdp(network.client, VIRTUAL.ipv4, 60);

  const { body } = get(network.balancer, "http://127.0.0.1:9435/metrics");
  expect(runCommand("promtool", ["check", "metrics"], { input: body })).toBe("");
  const labels = `service="echo",address="${VIRTUAL.ipv4}",protocol="udp",port="${ECHO_PORT}"`;
  expect(metric(body, `weir_service_new_flows_total{${labels}}`)).toBe(60);
  const each = (name: string, ending = "") =>
    BACKENDS.map(
      (number) => metric(body, `${name}{${labels},backend="${backendAddress(number, "ipv4")}"${ending}}`) ?? Number.NaN,
    );
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  expect(sum(each("weir_backend_new_flows_total"))).toBe(60);
  expect(sum(each("weir_backend_packets_total"))).toBe(metric(body, `weir_service_packets_total{${labels}}`));
  expect(each("weir_backend_state", ',state="up"')).toEqual(BACKENDS.map(() => 1));
  const verdicts = ["pass", "drop", "tx", "redirect"].map(
    (verdict) => metric(body, `weir_verdicts_total{interface="eth0",verdict="${verdict}"}`) ?? Number.NaN,
  );
  expect(sum(verdicts)).toBe(metric(body, 'weir_frames_total{interface="eth0"}'));

  const section = DOCUMENT.split(/^## /m).find((text) => text.startsWith("Metrics of services\n")) ?? "";
  const documented = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(names).toEqual(expect.arrayContaining(documented));
  expect(documented.length).toBeGreaterThan(20);
});

/** What weir serve has of monitors that are pinned, and of the rules on them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NetworkNamespace, requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, onTestFinished, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { checkDashboard, increase, Prometheus } from "./prometheus.ts";
import { get, metric } from "./served.ts";
import { RunningWeir, weir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "curl", "promtool", "prometheus");
const URL_ = "http://127.0.0.1:9435";
const ON = `interface="${WATCHED}"`;
/** Of datagrams as `sendUdp` sends them. */
const SIZE = 100;

const ECHO = "{ name: echo, match: udp and dst port 7 and src portrange 20000-20001, action: drop }";
const FEW = "{ name: few, match: udp and src port 20002, action: { limit: { rate: 1/h, burst: 3 } } }";
const ALL = "{ name: all, match: udp, action: count }";
const GUARD = [
  "{ name: arp, match: arp, action: pass }",
  "{ name: discovery, match: 'icmp6 and ip6[40] >= 133 and ip6[40] <= 136', action: pass }",
  "{ name: dhcp, match: udp and (dst port 68 or dst port 546), action: pass }",
];

/** Puts rules in force on the interface. */
function apply(namespace: NetworkNamespace, rules: readonly string[], byDefault = "pass"): void {
  const folder = mkdtempSync(join(tmpdir(), "weir-serve-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "rules.yaml");
  writeFileSync(file, `default: ${byDefault}\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`);
  done(namespace, "rules", "apply", file, WATCHED);
}

/** A command that must succeed. */
function done(namespace: NetworkNamespace, ...words: readonly string[]): string {
  const { code, stdout, stderr } = weir(words, namespace);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** Takes the monitor off at the end, before the network goes. */
function pinned(namespace: NetworkNamespace): Disposable {
  return { [Symbol.dispose]: () => void done(namespace, "detach", WATCHED) };
}

async function served(namespace: NetworkNamespace, ...words: readonly string[]): Promise<RunningWeir> {
  const running = new RunningWeir(["serve", WATCHED, ...words], namespace);
  await running.until(({ stderr }) => stderr.includes("serving"));
  return running;
}

const scrape = (namespace: NetworkNamespace): string => get(namespace, `${URL_}/metrics`).body;

/** Packets of each rule that has a series. */
function packetsByRule(text: string): Readonly<Record<string, number>> {
  const found = text.matchAll(/^weir_rule_packets_total\{[^}]*rule="([^"]*)",action="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, rule, action, count]) => [`${rule} ${action}`, Number(count)]));
}

function drops(text: string, unit = "frames"): number[] {
  return ["rule", "limit", "default"].map(
    (cause) => metric(text, `weir_dropped_${unit}_total{${ON},cause="${cause}"}`) ?? Number.NaN,
  );
}

function verdict(text: string, name: "pass" | "drop"): number | undefined {
  return metric(text, `weir_verdicts_total{${ON},verdict="${name}"}`);
}

describe.skipIf(missing)("weir serve, of rules on an interface,", () => {
  test("has metrics, which promtool finds no fault with, of each and of what is dropped", async () => {
    using net = network();
    apply(net.near, [...GUARD, ALL, ECHO, FEW], "drop");
    using _pinned = pinned(net.near);
    using running = await served(net.near);
    expect(running.stderr).toContain(`${WATCHED}: reading the monitor that is pinned there, with its own settings`);
    const before = scrape(net.near);
    expect(before).not.toContain('weir_rule_last_match_timestamp_seconds{interface="veth0",rule="echo"');
    const start = Date.now() / 1000;
    // Ten from each of four ports.
    await sendUdp(net.far, 40, 4);
    const text = scrape(net.near);
    const end = Date.now() / 1000;
    expect(packetsByRule(text)).toMatchObject({ "all count": 40, "echo drop": 20, "few limit": 10 });
    expect(metric(text, `weir_rule_bytes_total{${ON},rule="echo",action="drop"}`)).toBe(20 * SIZE);
    expect(metric(text, `weir_rule_over_packets_total{${ON},rule="few",action="limit"}`)).toBe(7);
    expect(metric(text, `weir_rule_over_bytes_total{${ON},rule="few",action="limit"}`)).toBe(7 * SIZE);
    // No rule decided: 3 that the limit let through, and those of the fourth port.
    const rest = metric(text, `weir_default_packets_total{${ON},action="drop"}`) ?? Number.NaN;
    expect(rest).toBeGreaterThanOrEqual(13);
    expect(drops(text)).toEqual([20, 7, rest]);
    expect(drops(text, "bytes").slice(0, 2)).toEqual([20 * SIZE, 7 * SIZE]);
    expect(verdict(text, "drop")).toBe(20 + 7 + rest);
    expect((verdict(text, "pass") ?? 0) + 20 + 7 + rest).toBe(metric(text, `weir_frames_total{${ON}}`));
    expect(metric(text, `weir_account_balanced{${ON}}`)).toBe(1);
    const last = metric(text, `weir_rule_last_match_timestamp_seconds{${ON},rule="echo",action="drop"}`);
    expect(last).toBeGreaterThan(start - 0.2);
    expect(last).toBeLessThan(end + 0.2);
    expect(metric(text, `weir_program_runs_total{${ON}}`)).toBeGreaterThanOrEqual(40);

    expect(runCommand("promtool", ["check", "metrics"], { input: text })).toBe("");
    const names = (of: string) => [...of.matchAll(/^# TYPE (weir_(?:rule|default)\w*)/gm)].map(([, name]) => name);
    const document = readFileSync(new URL("../../../../docs/serve.md", import.meta.url), "utf8");
    const section = document.split(/^## /m).find((part) => part.startsWith("Metrics of rules\n")) ?? "";
    expect(names(text)).toEqual([...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
    expect(get(net.near, `${URL_}/metrics`, "-H", "accept: application/openmetrics-text").body).toMatch(
      /^# TYPE weir_rule_packets counter$/m,
    );
  });

  test("has them in snapshots and events, as rules list prints them", async () => {
    using net = network();
    apply(net.near, [ALL, ECHO, FEW]);
    using _pinned = pinned(net.near);
    using _running = await served(net.near, "--interval", "0.1");
    await sendUdp(net.far, 40, 4);
    const { interfaces } = JSON.parse(get(net.near, `${URL_}/api/snapshot`).body);
    const listed = JSON.parse(done(net.near, "rules", "list", WATCHED, "--json"));
    expect(interfaces[0].rules.rules).toMatchObject([
      { name: "all", action: "count", packets: 40 },
      { name: "echo", action: "drop", packets: 20, bytes: 20 * SIZE },
      { name: "few", action: "limit", packets: 10, over: { packets: 7 }, untracked: 0, contended: 0 },
    ]);
    const { stdout } = net.near.try("curl", ["-sN", "--max-time", "1", `${URL_}/api/events`]);
    const [, event = ""] = /^event: snapshot\ndata: (.*)$/m.exec(stdout) ?? [];
    const stats = done(net.near, "stats", WATCHED, "--json");
    for (const snapshot of [interfaces[0], JSON.parse(event).interfaces[0], JSON.parse(stats)]) {
      expect(snapshot).toMatchObject({ identity: { dropped: { byRule: 20, byLimit: 7 }, holds: true } });
      expect(withoutTimes(snapshot.rules)).toEqual(withoutTimes(listed));
    }
  });

  test("has those that are in force, whatever is applied, and goes on from what they had", async () => {
    using net = network();
    done(net.near, "attach", WATCHED);
    using _pinned = pinned(net.near);
    using running = await served(net.near, "--interval", "0.2");
    expect(scrape(net.near)).not.toContain("weir_rule");
    apply(net.near, [ALL, ECHO]);
    await sendUdp(net.far, 40, 4);
    expect(packetsByRule(scrape(net.near))).toEqual({ "all count": 40, "echo drop": 20 });
    apply(net.near, [ALL, FEW]);
    await sendUdp(net.far, 40, 4);
    const second = scrape(net.near);
    expect(packetsByRule(second)).toEqual({ "all count": 80, "few limit": 10 });
    expect(drops(second)).toEqual([20, 7, 0]);
    const more = "rules add veth0 more drop udp and src portrange 20000-20009 --before all".split(" ");
    expect(weir(more, net.near)).toMatchObject({
      code: 0,
      stderr: 'weir: warning: the rule "few": it can never match: "more" decides for all of its frames\n',
    });
    await sendUdp(net.far, 40, 4);
    expect(packetsByRule(scrape(net.near))).toEqual({ "more drop": 40, "all count": 80, "few limit": 10 });
    done(net.near, "rules", "remove", WATCHED, "--all");
    const without = scrape(net.near);
    expect(without).not.toContain("weir_rule");
    expect(drops(without)).toEqual([60, 7, 0]);
    expect(metric(without, `weir_protocol_packets_total{${ON},protocol="udp"}`)).toBe(120);
    const [, id] = /weir_interface_info\{.*program_id="(\d+)"\}/.exec(without) ?? [];
    expect(linkText(net.near)).toContain(`prog/xdp id ${id} `);
    expect(running.stderr).not.toContain("attached again");
  });

  test("attaches a monitor of its own when that is detached, and reads a pinned one again", async () => {
    using net = network();
    apply(net.near, [ALL]);
    using running = await served(net.near, "--interval", "0.1");
    await sendUdp(net.far, 40, 4);
    done(net.near, "detach", WATCHED);
    await running.until(({ stderr }) => stderr.includes("veth0: attached again"));
    const own = scrape(net.near);
    expect(own).not.toContain("weir_rule");
    expect(metric(own, `weir_protocol_packets_total{${ON},protocol="udp"}`)).toBe(0);
    expect(metric(own, `weir_interface_attached{${ON}}`)).toBe(1);
    running.process.kill("SIGTERM");
    expect(await running.exit).toEqual([0, null]);
    expect(linkText(net.near)).not.toContain("xdp");
    // What is pinned stays when the service ends.
    apply(net.near, [ALL]);
    using _pinned = pinned(net.near);
    using next = await served(net.near);
    next.process.kill("SIGTERM");
    expect(await next.exit).toEqual([0, null]);
    expect(linkText(net.near)).toContain("xdp");
  });

  test.skipIf(requireTool("setpriv"))("needs the right to open what root has pinned, and says so", () => {
    using net = network();
    apply(net.near, [ALL]);
    using _pinned = pinned(net.near);
    const [node, words] = weirWords(["serve", WATCHED]);
    const serve = (...capabilities: readonly string[]) => {
      const all = ["bpf", "perfmon", "net_admin", ...capabilities].map((name) => `+${name}`).join();
      const user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
      const right = [`--inh-caps=${all}`, `--ambient-caps=${all}`, `--bounding-set=-all,${all}`];
      return net.near.try("setpriv", [...user, ...right, "timeout", "5", node, ...words]).stderr;
    };
    expect(serve()).toMatch(/^weir: \/sys\/fs\/bpf\/weir.* may not be used: EACCES/);
    expect(serve("dac_override")).toMatch(
      /^weir: veth0: reading the monitor that is pinned there.*\n(.*\n)*weir: serving/,
    );
    expect(linkText(net.near)).toContain("xdp");
  });

  test("gives the last numbers of an interface that goes", async () => {
    using net = network();
    apply(net.near, [ECHO]);
    using running = await served(net.near, "--interval", "0.1");
    await sendUdp(net.far, 40, 4);
    net.near.run("ip", ["link", "delete", WATCHED]);
    await running.until(() => get(net.near, `${URL_}/healthz`).status === 503);
    const gone = scrape(net.near);
    expect(metric(gone, `weir_interface_attached{${ON}}`)).toBe(0);
    expect(packetsByRule(gone)).toEqual({ "echo drop": 20 });
    expect(drops(gone)).toEqual([20, 0, 0]);
    weir(["status"], net.near);
  });
});

describe.skipIf(missing)("a real Prometheus", () => {
  test("sees what rules drop, over other rules, and the dashboard has data", async () => {
    using net = network();
    apply(net.near, [ALL, ECHO, FEW]);
    using _pinned = pinned(net.near);
    using _running = await served(net.near);
    using prometheus = new Prometheus(net.near, "127.0.0.1:9435");
    const series = (name: string, rule: string) => `weir_rule_${name}_total{rule="${rule}"}`;
    await prometheus.until(series("packets", "all"), ([all]) => all?.value === 0);
    await sendUdp(net.far, 40, 4);
    await prometheus.until(series("packets", "all"), ([all]) => all?.value === 40);
    apply(net.near, [ALL, FEW, "{ name: rest, match: udp and src port 20003, action: drop }"]);
    await prometheus.until("weir_rule_packets_total", (rules) =>
      rules.every(({ metric: { rule } }) => rule !== "echo"),
    );
    await sendUdp(net.far, 40, 4);
    await prometheus.until(series("packets", "all"), ([all]) => all?.value === 80);
    expect(increase(prometheus, series("packets", "all"))).toBe(80);
    expect(increase(prometheus, series("over_packets", "few"))).toBe(17);
    expect(increase(prometheus, 'weir_dropped_frames_total{cause="rule"}')).toBe(30);
    expect(increase(prometheus, 'weir_dropped_bytes_total{cause="limit"}')).toBe(17 * SIZE);
    expect(prometheus.query("max(resets(weir_rule_packets_total[1h]))")[0]?.value).toBe(0);
    expect(prometheus.query("sum(weir_verdicts_total) - sum(weir_frames_total)")[0]?.value).toBe(0);
    await checkDashboard(prometheus, () => true);
  });
});

/** Rules without what differs from reading to reading. */
function withoutTimes(rules: { readonly default: { readonly action: string } }): unknown {
  const isTime = (name: string): boolean => name === "idle" || name === "seconds";
  // The kernels ask each other for their addresses (ARP) when they like.
  const told = { ...rules, default: rules.default.action };
  return JSON.parse(JSON.stringify(told, (name, value: unknown) => (isTime(name) ? undefined : value)));
}

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BalanceSnapshot } from "@weir/engine";
import { NetworkNamespace, requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, onTestFinished, test } from "vitest";
import { askOnce, askUdp, OpenConnections } from "./balance-client.ts";
import {
  BACKENDS,
  BALANCER,
  BalanceNetwork,
  backendAddress,
  ECHO_PORT,
  FRONT,
  HTTP_PORT,
  VIRTUAL,
} from "./balance-network.ts";
import { linkText, network, WATCHED } from "./network.ts";
import { RunningWeir, weir } from "./weir.ts";

const NAMES = BACKENDS.map((number) => `backend${number}`);
type Numbers = readonly number[];

interface ServiceOptions {
  readonly delivery?: "mac" | "tunnel";
  readonly numbers?: Numbers;
  readonly drained?: Numbers;
  readonly health?: object;
}

const backendsOf = (family: "ipv4" | "ipv6", { numbers = BACKENDS, drained = [] }: ServiceOptions) =>
  numbers.map((number) => ({
    address: backendAddress(number, family),
    ...(drained.includes(number) && { drain: true }),
  }));

function configuration(options: ServiceOptions = {}): object {
  const { delivery = "mac", health } = options;
  const families = ["ipv4", "ipv6"] as const;
  return {
    source: BALANCER,
    services: families.flatMap((family) => [
      {
        ...{ name: `web ${family}`, address: VIRTUAL[family], protocol: "tcp", port: HTTP_PORT, delivery, health },
        backends: backendsOf(family, options),
      },
      {
        ...{ name: `echo ${family}`, address: VIRTUAL[family], protocol: "udp", port: ECHO_PORT, delivery },
        backends: backendsOf(family, options),
      },
    ]),
  };
}

/** A configuration file that goes with the test. */
function configFile(content: object): { readonly path: string; write(next: object | string): void } {
  const folder = mkdtempSync(join(tmpdir(), "balance-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "services.yaml");
  const write = (next: object | string) =>
    writeFileSync(path, typeof next === "string" ? next : JSON.stringify(next, undefined, 2));
  write(content);
  return { path, write };
}

function balance(network: BalanceNetwork, path: string, device = "eth0"): RunningWeir {
  return new RunningWeir(["balance", "services", device, "-c", path, "--json", "--interval", "0.2"], network.balancer);
}

/** What `weir` prints, one object a line. */
function latest(running: RunningWeir): BalanceSnapshot {
  return JSON.parse(running.lastLine()) as BalanceSnapshot;
}

/** A snapshot that was made after this call. */
async function next(running: RunningWeir): Promise<BalanceSnapshot> {
  const { time } = latest(running);
  await running.until(() => latest(running).time > time);
  const second = latest(running).time;
  await running.until(() => latest(running).time > second);
  return latest(running);
}

const state = (snapshot: BalanceSnapshot, number: number) =>
  snapshot.services[0]?.backends.find(({ address }) => address === backendAddress(number, "ipv4"))?.state;

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter", "ethtool"))("weir balance services", () => {
  test.for(["mac", "tunnel"] as const)(
    "balances HTTP and UDP of both families by %s",
    { timeout: 90_000 },
    async (delivery) => {
      using network = await BalanceNetwork.create({ tunnel: delivery === "tunnel" });
      using running = balance(network, configFile(configuration({ delivery })).path);
      await running.started();
      for (const host of [VIRTUAL.ipv4, VIRTUAL.ipv6]) {
        const answers = await askOnce(network.client, host, 100);
        expect(new Set(answers)).toEqual(new Set(NAMES));
        const echoes = await askUdp(network.client, host, 50);
        expect(new Set(echoes)).toEqual(new Set(NAMES.map((name) => `${name} 4`)));
      }
      const snapshot = await next(running);
      for (const service of snapshot.services) {
        expect(Number(service.newFlows)).toBe(service.protocol === "tcp" ? 100 : 50);
        expect(service.backends.reduce((sum, { packets }) => sum + Number(packets), 0)).toBe(Number(service.packets));
      }
      const { passed, dropped, transmitted, redirected } = snapshot.verdicts;
      expect(Number(passed) + Number(dropped) + Number(transmitted) + Number(redirected)).toBe(
        Number(snapshot.counters.frames),
      );
      expect(dropped).toBe(0);
      running.process.kill("SIGINT");
      expect(await running.exit).toEqual([0, null]);
      expect(network.balancer.run("ip", ["link", "show", "eth0"])).not.toContain("xdp");
    },
  );

  test("moves only the connections of a backend that dies, and gives it new ones when it is back", {
    timeout: 90_000,
  }, async () => {
    using network = await BalanceNetwork.create();
    const health = { type: "tcp", interval: 0.1, timeout: 0.5, rise: 2, fall: 2 };
    using running = balance(network, configFile(configuration({ health })).path);
    await running.started();
    using connections = await OpenConnections.open(network.client, VIRTUAL.ipv4, 100);
    const before = await connections.ask();
    expect(new Set(before)).toEqual(new Set(NAMES));
    await network.kill(2);
    await running.until(() => state(latest(running), 2) === "down");
    const after = await connections.ask();
    for (const [index, name] of before.entries()) {
      if (name === "backend2") expect(after[index]).not.toMatch(/backend/);
      else expect(after[index]).toBe(name);
    }
    expect(new Set(await askOnce(network.client, VIRTUAL.ipv4, 100))).toEqual(
      new Set(["backend1", "backend3", "backend4"]),
    );
    expect(Number((await next(running)).services[0]?.failedChecks)).toBeGreaterThanOrEqual(2);
    await network.serve(2);
    await running.until(() => state(latest(running), 2) === "up");
    expect(await askOnce(network.client, VIRTUAL.ipv4, 100)).toContain("backend2");
    expect((await connections.ask()).filter((name) => name.startsWith("backend"))).toEqual(
      before.filter((name) => name !== "backend2"),
    );
  });

  test("drains, adds and removes backends when it is told to read its configuration again", {
    timeout: 90_000,
  }, async () => {
    using network = await BalanceNetwork.create();
    const file = configFile(configuration({ numbers: [1, 2, 3] }));
    using running = balance(network, file.path);
    await running.started();
    const reload = async (content: object | string, word: string) => {
      running.stderr = "";
      file.write(content);
      running.process.kill("SIGHUP");
      await running.until(({ stderr }) => stderr.includes(word));
    };
    using connections = await OpenConnections.open(network.client, VIRTUAL.ipv6, 60);
    const before = await connections.ask();
    expect(new Set(before)).toEqual(new Set(["backend1", "backend2", "backend3"]));

    await reload(configuration({ numbers: [1, 2, 3, 4], drained: [3] }), "was read again");
    expect(await connections.ask()).toEqual(before);
    expect(new Set(await askOnce(network.client, VIRTUAL.ipv6, 60))).toEqual(
      new Set(["backend1", "backend2", "backend4"]),
    );
    expect(state(await next(running), 3)).toBe("draining");

    await reload("services: [{ name: web, adress: 203.0.113.1 }]", "not taken over");
    expect(running.stderr).toContain("services.yaml:1:");
    expect(await connections.ask()).toEqual(before);

    await reload(configuration({ numbers: [1, 2, 4] }), "was read again");
    const after = await connections.ask();
    for (const [index, name] of before.entries()) {
      if (name === "backend3") expect(after[index]).not.toMatch(/backend/);
      else expect(after[index]).toBe(name);
    }
  });

  test.for(["mac", "tunnel"] as const)(
    "redirects to backends behind another interface by %s",
    { timeout: 90_000 },
    async (delivery) => {
      using network = await BalanceNetwork.create({ tunnel: delivery === "tunnel" });
      network.joinFront();
      using running = balance(network, configFile(configuration({ delivery })).path, FRONT.device);
      await running.started();
      for (const host of [VIRTUAL.ipv4, VIRTUAL.ipv6]) {
        expect(new Set(await askOnce(network.client, host, 60))).toEqual(new Set(NAMES));
        expect(new Set(await askUdp(network.client, host, 40))).toEqual(new Set(NAMES.map((name) => `${name} 4`)));
      }
      const { verdicts } = await next(running);
      expect(Number(verdicts.redirected)).toBeGreaterThan(300);
      expect([verdicts.transmitted, verdicts.dropped]).toEqual([0, 0]);
    },
  );

  test("believes HTTP and ICMP checks, and drops when nobody is left", { timeout: 90_000 }, async () => {
    using network = await BalanceNetwork.create();
    const check = (health: object) =>
      configuration({ health: { interval: 0.1, timeout: 1, rise: 1, fall: 2, ...health } });
    const file = configFile(check({ type: "http", path: "/", status: 200 }));
    using running = balance(network, file.path);
    await running.started();
    const states = () => new Set(BACKENDS.map((number) => state(latest(running), number)));
    const reload = (content: object) => {
      file.write(content);
      running.process.kill("SIGHUP");
    };
    await running.until(() =>
      BACKENDS.every((_, index) => Number(latest(running).services[0]?.backends[index]?.checks) > 1),
    );
    expect(states()).toEqual(new Set(["up"]));
    reload(check({ type: "http", path: "/ill", status: 200 }));
    await running.until(() => states().has("down") && states().size === 1);
    const [web] = latest(running).services;
    expect(web?.backends[0]?.reason).toBe("HTTP status 503");
    expect(new Set(await askOnce(network.client, VIRTUAL.ipv4, 3))).not.toContain("backend1");
    expect(Number((await next(running)).services[0]?.events.noBackend)).toBeGreaterThan(0);
    reload(check({ type: "icmp" }));
    await running.until(() => states().has("up") && states().size === 1);
    network.backend(3).run("ip", ["link", "set", "eth0", "down"]);
    await running.until(() => ["down", "unreachable"].includes(state(latest(running), 3) ?? ""));
    expect(new Set(await askOnce(network.client, VIRTUAL.ipv4, 60))).toEqual(
      new Set(["backend1", "backend2", "backend4"]),
    );
  });

  test.skipIf(requireTool("curl"))(
    "tells clients what gets through the tunnel, and backends what gets to clients",
    { timeout: 90_000 },
    async () => {
      using network = await BalanceNetwork.create({ tunnel: true });
      using running = balance(network, configFile(configuration({ delivery: "tunnel" })).path);
      await running.started();
      const url = { ipv4: `http://${VIRTUAL.ipv4}`, ipv6: `http://[${VIRTUAL.ipv6}]` };
      const input = new Uint8Array(300_000);
      for (const family of ["ipv4", "ipv6"] as const) {
        // Packets of 1,500 bytes do not fit, and the client has to learn that.
        const upload = ["-sS", "-m", "10", "--data-binary", "@-", `${url[family]}/`];
        expect(network.client.run("curl", upload, { input })).toMatch(/^backend\d\n$/);
        const route = network.client.run("ip", ["route", "get", VIRTUAL[family]]);
        expect(route).toContain(family === "ipv4" ? "mtu 1480" : "mtu 1460");
        // The router cannot pass on what backends send, and they have to learn that, each for itself.
        for (let count = 0; count < 8; count++) {
          const large = network.far.run("curl", ["-sS", "-m", "10", `${url[family]}/large`]);
          expect(large.length).toBe(300_000);
        }
      }
      const { services } = await next(running);
      for (const { name, events } of services.filter(({ protocol }) => protocol === "tcp")) {
        expect(Number(events.tooBig), name).toBeGreaterThan(0);
        expect(Number(events.icmpErrors), name).toBeGreaterThan(0);
      }
    },
  );

  test.skipIf(requireTool("iperf3", "tcpdump", "tshark")).for(["mac", "tunnel"] as const)(
    "carries iperf3 over TCP and UDP by %s, and tshark finds nothing wrong with it",
    { timeout: 90_000 },
    async (delivery) => {
      using network = await BalanceNetwork.create({ tunnel: delivery === "tunnel" });
      const backends = (family: "ipv4" | "ipv6") => [{ address: backendAddress(1, family) }];
      const services = (["ipv4", "ipv6"] as const).flatMap((family) =>
        ["tcp", "udp"].map((protocol) => ({
          ...{ name: `${protocol} ${family}`, address: VIRTUAL[family], protocol, port: "all", delivery },
          backends: backends(family),
        })),
      );
      const file = configFile({ source: BALANCER, services });
      using running = balance(network, file.path);
      await running.started();
      const captured = join(file.path, "..", "sent.pcap");
      const [link] = JSON.parse(network.balancer.run("ip", ["-j", "link", "show", "eth0"])) as [{ address: string }];
      const sent = `ether src ${link.address} and (dst host ${VIRTUAL.ipv4} or dst host ${VIRTUAL.ipv6} or proto 4 or ip6 proto 41)`;
      const words = ["-i", "balancer", "-s", "0", "-c", "6000", "-w", captured, "--immediate-mode", "-U", sent];
      const tcpdump = network.segment.spawn("tcpdump", words, { stdio: ["ignore", "ignore", "pipe"] });
      const ended = once(tcpdump, "exit");
      if (tcpdump.stderr !== null) await once(tcpdump.stderr, "data");
      for (const family of ["ipv4", "ipv6"] as const) {
        using stack = new DisposableStack();
        const server = network.backend(1).spawn("iperf3", ["-s", "-B", VIRTUAL[family]], { stdio: "ignore" });
        stack.defer(() => void server.kill("SIGKILL"));
        await new Promise((resolve) => setTimeout(resolve, 300));
        const iperf = (...words: readonly string[]) => {
          const printed = network.client.run("iperf3", ["-c", VIRTUAL[family], "-t", "1", "-J", ...words]);
          // As iperf3 prints it.
          return JSON.parse(printed) as {
            end: { sum?: { bytes: number; lost_percent: number }; sum_received?: { bytes: number } };
          };
        };
        expect(iperf().end.sum_received?.bytes).toBeGreaterThan(1_000_000);
        const udp = iperf("-u", "-b", "4M", "-l", "1200").end.sum;
        expect(udp?.bytes).toBeGreaterThan(300_000);
        // Where nothing else runs, none; but sockets have short queues.
        expect(udp?.lost_percent).toBeLessThan(20);
      }
      // Unless it has what it was told to wait for.
      tcpdump.kill("SIGINT");
      await ended;
      const checks = ["ip", "tcp", "udp"].flatMap((name) => ["-o", `${name}.check_checksum:TRUE`]);
      const shown = (display: string) =>
        runCommand("tshark", ["-r", captured, ...checks, "-Y", display], { timeout: 60_000 }).split("\n").length - 1;
      expect(
        shown("_ws.malformed or ip.checksum.status == Bad or tcp.checksum.status == Bad or udp.checksum.status == Bad"),
      ).toBe(0);
      expect(shown("tcp.checksum.status == Good or udp.checksum.status == Good")).toBeGreaterThan(2000);
    },
  );

  test("checks a configuration without touching an interface", () => {
    const file = configFile(configuration());
    const checked = weir(["balance", "services", "-c", file.path, "--check"]);
    expect([checked.code, checked.stdout]).toEqual([0, `${file.path}: 4 services, 16 backends\n`]);
    file.write("services:\n  - name: web\n    address: 203.0.113.1\n");
    const wrong = weir(["balance", "services", "-c", file.path, "--check"]);
    expect(wrong.code).toBe(21);
    expect(wrong.stderr).toContain(`${file.path}:2:5: services[0].protocol: is missing`);
    expect(weir(["balance", "services", "eth0"]).code).toBe(2);
    expect(JSON.parse(weir(["balance", "services", "--schema"]).stdout)).toMatchObject({
      title: "weir balance services",
    });
  });

  test("does not begin where a backend has no route, and says which", async () => {
    using network = await BalanceNetwork.create();
    const content = {
      services: [
        { name: "far", address: VIRTUAL.ipv4, protocol: "tcp", port: 80, backends: [{ address: "198.51.100.1" }] },
      ],
    };
    const { code, stderr } = weir(["balance", "services", "eth0", "-c", configFile(content).path], network.balancer);
    expect(code).toBe(24);
    expect(stderr).toContain("service far, backend 198.51.100.1: there is no route");
    expect(network.balancer.run("ip", ["link", "show", "eth0"])).not.toContain("xdp");
  });

  test("does not begin on a veth that would lose what it sends back, and says what helps", async () => {
    using net = network();
    const service = { name: "one", address: VIRTUAL.ipv4, protocol: "udp", port: 7 };
    const backends = [{ address: "192.0.2.2", mac: "02:00:00:00:00:02" }];
    const file = configFile({ services: [{ ...service, backends }] }).path;
    const words = ["balance", "services", WATCHED, "-c", file, "--duration", "0.3", "--mode"];
    const begin = (mode: string) => weir([...words, mode], net.near);
    const lost = { code: 24, stderr: expect.stringContaining("unless its other end has an XDP program in the driver") };
    expect(begin("drv")).toMatchObject(lost);
    expect(begin("skb").code).toBe(0);
    using other = new RunningWeir(["watch", WATCHED, "--mode", "drv"], net.far);
    await other.until(() => linkText(net.far).includes("xdp"));
    expect(begin("drv").code).toBe(0);
  });

  test("knows of a veth whose other end it sees that GRO there is not enough", () => {
    using near = NetworkNamespace.create();
    near.run("ip", ["link", "add", WATCHED, "type", "veth", "peer", "name", "veth1"]);
    for (const name of [WATCHED, "veth1"]) near.run("ip", ["link", "set", "dev", name, "up"]);
    near.run("ethtool", ["-K", "veth1", "gro", "on"]);
    const service = { name: "one", address: VIRTUAL.ipv4, protocol: "udp", port: 7 };
    const backends = [{ address: "192.0.2.2", mac: "02:00:00:00:00:02" }];
    const file = configFile({ services: [{ ...service, backends }] }).path;
    const { code, stderr } = weir(["balance", "services", WATCHED, "-c", file, "--mode", "drv"], near);
    expect(code).toBe(24);
    expect(stderr).toContain("(weir watch veth1 --mode drv); or use --mode skb");
  });

  test("goes on when the interface of a backend goes, and takes back nothing at a reload", {
    timeout: 90_000,
  }, async () => {
    using net = network({ names: ["eth0", "far0"] });
    net.near.run("ip", ["link", "add", "eth1", "type", "veth", "peer", "name", "other"]);
    net.near.run("ip", ["link", "set", "eth1", "up"]);
    const one = (name: string, address: string, more: object) => ({
      ...{ name, address, protocol: "udp", port: 7 },
      backends: [{ address: "192.0.2.12", mac: "02:00:00:00:00:12", ...more }],
    });
    const first = one("first", "203.0.113.1", {});
    const second = (device: string) => one("second", "203.0.113.2", { interface: device });
    const file = configFile({ services: [first, second("eth1")] });
    const words = ["balance", "services", "eth0", "-c", file.path, "--mode", "skb", "--json", "--interval", "0.2"];
    using running = new RunningWeir(words, net.near);
    await running.started();
    const stateOf = (name: string) =>
      latest(running).services.find((service) => service.name === name)?.backends[0]?.state;
    expect([stateOf("first"), stateOf("second")]).toEqual(["up", "up"]);
    net.near.run("ip", ["link", "delete", "eth1"]);
    await running.until(() => stateOf("second") === "unreachable");
    expect(stateOf("first")).toBe("up");

    file.write({ services: [second("nowhere")] });
    running.process.kill("SIGHUP");
    await running.until(() => stateOf("first") === undefined);
    file.write({ services: [first, second("nowhere")] });
    running.process.kill("SIGHUP");
    await running.until(() => stateOf("first") === "up");
    expect(stateOf("second")).toBe("unreachable");

    net.near.run("ip", ["link", "delete", "eth0"]);
    expect(await running.exit).toEqual([7, null]);
    expect(running.stderr).not.toContain("    at ");
  });

  test("ends when its interface is removed", async () => {
    using network = await BalanceNetwork.create();
    using running = balance(network, configFile(configuration()).path);
    await running.started();
    network.balancer.run("ip", ["link", "delete", "eth0"]);
    expect(await running.exit).toEqual([7, null]);
    expect(running.stderr).toContain("eth0 was removed");
  });
});

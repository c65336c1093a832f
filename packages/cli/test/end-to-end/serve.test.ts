import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NetworkNamespace, requireRoot, requireTool, runCommand, tryCommand, vethPair } from "@weir/laboratory";
import { describe, expect, onTestFinished, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { get, metric } from "./served.ts";
import { RunningWeir, weir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "curl");
const DOCUMENT = readFileSync(new URL("../../../../docs/serve.md", import.meta.url), "utf8");
const URL_ = "http://127.0.0.1:9435";

async function served(namespace: NetworkNamespace, ...words: readonly string[]): Promise<RunningWeir> {
  const running = new RunningWeir(["serve", ...words], namespace);
  await running.until(({ stderr }) => stderr.includes("serving"));
  return running;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "weir-serve-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** The text format, as a scraper that asks for nothing else gets it. */
function metrics(namespace: NetworkNamespace, ...options: readonly string[]): string {
  return get(namespace, `${URL_}/metrics`, ...options).body;
}

/** The metrics that a section of the document names. */
function documentedMetrics(heading: string): (string | undefined)[] {
  const section = DOCUMENT.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
}

/** Asks until something is so. */
async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`it did not become so: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.skipIf(missing)("weir serve", () => {
  test.skipIf(requireTool("promtool"))("gives metrics that promtool finds no fault with", async () => {
    using net = network();
    using _weir = await served(net.near, WATCHED);
    await sendUdp(net.far, 30, 3);
    const text = metrics(net.near);
    expect(runCommand("promtool", ["check", "metrics"], { input: text })).toBe("");
    expect(metric(text, 'weir_protocol_packets_total{interface="veth0",protocol="udp"}')).toBe(30);
    expect(metric(text, 'weir_protocol_bytes_total{interface="veth0",protocol="udp"}')).toBe(3000);
    expect(text).toMatch(/^weir_interface_info\{interface="veth0",index="\d+",mode="drv",program_id="\d+"\} 1$/m);
    expect(metric(text, 'weir_program_runs_total{interface="veth0"}')).toBeGreaterThanOrEqual(30);
    expect(metric(text, 'weir_account_balanced{interface="veth0"}')).toBe(1);
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(documentedMetrics("The metrics"));
    const open = metrics(net.near, "-H", "accept: application/openmetrics-text");
    expect(open).toMatch(/^# TYPE weir_frames counter$/m);
    expect(open.endsWith("# EOF\n")).toBe(true);
  });

  test("says in the metrics why it is not in the driver", async () => {
    using net = network();
    using _weir = await served(net.near, "lo");
    expect(metrics(net.near)).toMatch(
      /^weir_interface_info\{interface="lo",.*mode="skb",fallback="no-native",.*\} 1$/m,
    );
  });

  test("gives snapshots as JSON, and says what is wrong with a question", async () => {
    using net = network();
    using _weir = await served(net.near, WATCHED);
    await sendUdp(net.far, 30, 3);
    const { status, body } = get(net.near, `${URL_}/api/snapshot?sort=packets&limit=1`);
    expect(status).toBe(200);
    const { interfaces } = JSON.parse(body);
    expect(interfaces[0]).toMatchObject({ interface: WATCHED, mode: "drv", attached: true, counters: { udp: 30 } });
    expect(interfaces[0].connections).toHaveLength(1);
    expect(get(net.near, `${URL_}/api/snapshot?limit=-1`)).toMatchObject({ status: 400, body: /limit/ });
    expect(get(net.near, `${URL_}/api/snapshot?size=1`)).toMatchObject({ status: 400, body: /size/ });
    expect(get(net.near, `${URL_}/nothing`).status).toBe(404);
    expect(get(net.near, `${URL_}/`)).toMatchObject({ status: 200, body: /\/metrics/ });
    expect(get(net.near, `${URL_}/healthz`)).toEqual({ status: 200, body: "ok\n" });
  });

  test("sends events, and counts those that a client does not read", async () => {
    using net = network();
    using _weir = await served(net.near, WATCHED, "--interval", "0.1", "--top", "1000");
    const { stdout } = net.near.try("curl", ["-sN", "--max-time", "1", `${URL_}/api/events`]);
    const events = [...stdout.matchAll(/^event: snapshot\ndata: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
    expect(events.length).toBeGreaterThan(3);
    expect(events[0].interfaces[0]).toMatchObject({ interface: WATCHED, attached: true });

    // With a thousand connections an event has some 300 kB: what nobody reads soon fills the socket's buffers.
    await sendUdp(net.far, 1000, 1000);
    const script = `import { connect } from "node:net"; const socket = connect(9435, "127.0.0.1");
      socket.write("GET /api/events HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n"); socket.pause(); setTimeout(() => {}, 60_000);`;
    const slow = net.near.spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    await until(() => (metric(metrics(net.near), "weir_events_lost_total") ?? 0) > 3);
    expect(metric(metrics(net.near), "weir_event_clients")).toBe(1);
    slow.kill("SIGKILL");
    await until(() => metric(metrics(net.near), "weir_event_clients") === 0);
  });

  test("marks estimates, where packets are sampled, with their errors", async () => {
    using net = network();
    using _weir = await served(net.near, WATCHED, "--sample", "1/4");
    await sendUdp(net.far, 2000);
    const text = metrics(net.near);
    expect(metric(text, 'weir_protocol_packets_total{interface="veth0",protocol="udp"}')).toBe(2000);
    expect(metric(text, 'weir_sampling_rate{interface="veth0",by="packets"}')).toBe(4);
    const udp = (name: string) =>
      Number(new RegExp(`^${name}\\{[^}]*protocol="udp"[^}]*\\} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
    // The root of 2000 × 3 is 77; six of them happen once in a thousand million times.
    expect(Math.abs(udp("weir_connection_packets_total") - 2000)).toBeLessThan(6 * 78);
    expect(udp("weir_connection_packets_standard_error")).toBeGreaterThan(50);
    expect(udp("weir_connection_bytes_standard_error")).toBeCloseTo(
      100 * udp("weir_connection_packets_standard_error"),
    );
    expect(metric(text, 'weir_sampled_out_packets_total{interface="veth0"}')).toBeGreaterThan(1000);
    expect(metric(text, 'weir_account_balanced{interface="veth0"}')).toBe(1);
  });

  test("cuts off who sends many requests and reads none", async () => {
    using net = network();
    using _weir = await served(net.near, WATCHED);
    const script = `import { connect } from "node:net"; const socket = connect(9435, "127.0.0.1"); socket.pause();
      socket.on("error", () => {}); socket.on("close", () => process.exit(3)); socket.resume();
      socket.write("GET /metrics HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n".repeat(1000)); setTimeout(() => process.exit(4), 5000);`;
    expect(net.near.try(process.execPath, ["--input-type=module", "-e", script]).code).toBe(3);
    expect(metric(metrics(net.near), "weir_scrapes_total")).toBeLessThan(100);
    expect(get(net.near, `${URL_}/metrics`, "-X", "POST").status).toBe(405);
  });

  test("keeps the last numbers of an interface that goes, and watches it when it is back, by the kernel's notification", async () => {
    using net = network();
    // Its timer has no part in it.
    using running = await served(net.near, WATCHED, "lo", "--interval", "600");
    const udp = (text: string) => metric(text, 'weir_protocol_packets_total{interface="veth0",protocol="udp"}');
    await sendUdp(net.far, 10);
    net.near.run("ip", ["link", "delete", WATCHED]);
    await running.until(({ stderr }) => stderr.includes("veth0 was removed"));
    expect(running.stderr).toContain("it is watched again when it is back, and its last numbers stay until then");
    expect(get(net.near, `${URL_}/healthz`)).toEqual({ status: 503, body: "degraded\n" });
    for (let scrape = 0; scrape < 2; scrape++) {
      const gone = metrics(net.near);
      expect(metric(gone, 'weir_interface_attached{interface="veth0"}')).toBe(0);
      expect(metric(gone, 'weir_interface_attached{interface="lo"}')).toBe(1);
      expect(udp(gone)).toBe(10);
    }

    vethPair(net.near, net.far);
    await running.until(({ stderr }) => stderr.includes("veth0 is back and watched in mode drv"));
    expect(linkText(net.near)).toContain("xdp");
    await sendUdp(net.far, 7);
    const back = metrics(net.near);
    expect(get(net.near, `${URL_}/healthz`).status).toBe(200);
    expect(metric(back, 'weir_interface_attached{interface="veth0"}')).toBe(1);
    // Sent from the beginning, as to a service that was started anew.
    expect(udp(back)).toBe(7);
  });

  test("takes the program off an interface that moves away, and goes on with one that is renamed in the same series", async () => {
    using net = network();
    using running = await served(net.near, WATCHED, "--interval", "600");
    const name = "renamed";
    net.near.run("ip", ["link", "set", WATCHED, "down"]);
    net.near.run("ip", ["link", "set", WATCHED, "name", name]);
    net.near.run("ip", ["link", "set", name, "up"]);
    await running.until(({ stderr }) => stderr.includes("veth0 is called renamed now"));
    await sendUdp(net.far, 5);
    expect(metric(metrics(net.near), 'weir_protocol_packets_total{interface="veth0",protocol="udp"}')).toBe(5);
    net.near.run("ip", ["link", "set", name, "netns", net.far.name]);
    await running.until(({ stderr }) => stderr.includes("renamed was removed; veth0 is watched again"));
    expect(linkText(net.far, name)).not.toContain("xdp");
    expect(metric(metrics(net.near), 'weir_interface_attached{interface="veth0"}')).toBe(0);
  });

  test.skipIf(requireTool("bpftool"))("puts the monitor back that somebody took off", async () => {
    using net = network();
    using running = await served(net.near, WATCHED, "--interval", "0.1");
    const id = /prog\/xdp id (\d+)/.exec(linkText(net.near))?.[1];
    const links: { id: number; prog_id: number }[] = JSON.parse(runCommand("bpftool", ["-j", "link", "show"]));
    const link = links.find(({ prog_id }) => prog_id === Number(id));
    runCommand("bpftool", ["link", "detach", "id", String(link?.id)]);
    await running.until(({ stderr }) => stderr.includes("veth0: the monitor was taken off; it is put back"));
    await running.until(({ stderr }) => stderr.includes("veth0: attached again"));
    expect(linkText(net.near)).toContain("xdp");
    expect(get(net.near, `${URL_}/healthz`).status).toBe(200);
  });

  test("tries again where another program was in the way when the interface came back", async () => {
    using net = network();
    using running = await served(net.near, WATCHED, "--interval", "0.1");
    net.near.run("ip", ["link", "delete", WATCHED]);
    await running.until(({ stderr }) => stderr.includes("veth0 was removed"));
    net.near.run("ip", ["link", "add", "other0", "type", "veth", "peer", "name", "other1"]);
    net.near.run("ip", ["link", "set", "other0", "up"]);
    // Held by a link, of whose end the kernel does not tell as such.
    using holder = new RunningWeir(["watch", "other0", "--json", "--no-follow", "--interval", "0.1"], net.near);
    await holder.started();
    net.near.run("ip", ["link", "set", "other0", "down"]);
    net.near.run("ip", ["link", "set", "other0", "name", WATCHED]);
    net.near.run("ip", ["link", "set", WATCHED, "up"]);
    await running.until(({ stderr }) => stderr.includes("veth0: a monitor of weir is attached to veth0 already"));
    holder.process.kill("SIGKILL");
    // Whichever is quicker: an event that some drivers cause, or the timer.
    await running.until(({ stderr }) => /veth0: attached again|veth0 is back and watched/.test(stderr));
    expect(metric(metrics(net.near), 'weir_interface_attached{interface="veth0"}')).toBe(1);
  });

  test("takes a new configuration at SIGHUP, and leaves everything as it was when it is wrong", async () => {
    using net = network();
    const file = join(folder(), "weir.yaml");
    const write = (text: string) => writeFileSync(file, text);
    write("interfaces: [veth0]\n");
    using running = await served(net.near, "--config", file);
    await sendUdp(net.far, 10);
    const udp = () => metric(metrics(net.near), 'weir_protocol_packets_total{interface="veth0",protocol="udp"}');
    const hangUp = async (says: string) => {
      running.process.kill("SIGHUP");
      await running.until(({ stderr }) => stderr.includes(says));
    };

    write("interfaces: [veth0, lo]\ntop: 7\n");
    await hangUp("read again: serving veth0 (drv), lo (skb)");
    expect(udp()).toBe(10);

    write("interfaces: [veth0]\ntop: seven\n");
    await hangUp(`${file}:2:6: top: Invalid input: expected number`);
    write("interfaces: [veth0, lo, nothing]\nconnections: 77\n");
    await hangUp('no interface named "nothing"');
    write("interfaces: [veth0]\nlisten: 192.0.2.99:9435\ninsecure: true\n");
    await hangUp("this machine does not have the address");
    expect(udp()).toBe(10);
    const text = metrics(net.near);
    expect(metric(text, "weir_config_reload_failures_total")).toBe(3);
    expect(metric(text, "weir_config_reloads_total")).toBe(1);
    expect(metric(text, 'weir_interface_attached{interface="lo"}')).toBe(1);

    write("interfaces: [lo]\nlisten: 127.0.0.1:9436\n");
    await hangUp("on http://127.0.0.1:9436");
    expect(linkText(net.near)).not.toContain("xdp");
    expect(get(net.near, "http://127.0.0.1:9436/healthz").status).toBe(200);
    expect(net.near.try("curl", ["-s", `${URL_}/healthz`]).code).toBe(7);
  });

  test("asks for the token, and takes another one at SIGHUP", async () => {
    using net = network();
    const path = folder();
    const token = join(path, "token");
    const file = join(path, "weir.yaml");
    writeFileSync(token, "first-token-of-this-test\n", { mode: 0o600 });
    writeFileSync(file, `interfaces: [veth0]\nlisten: 0.0.0.0:9435\ntoken_file: ${token}\n`);
    using running = await served(net.near, "-c", file);
    const status = (sent: string) =>
      get(net.far, "http://192.0.2.1:9435/metrics", "-H", `authorization: Bearer ${sent}`).status;
    expect(get(net.far, "http://192.0.2.1:9435/metrics").status).toBe(401);
    expect(status("first-token-of-this-tesT")).toBe(401);
    expect(status("first-token-of-this-test")).toBe(200);
    expect(get(net.far, "http://192.0.2.1:9435/healthz")).toEqual({ status: 200, body: "ok\n" });
    writeFileSync(token, "second-token-of-this-test\n");
    running.process.kill("SIGHUP");
    await running.until(({ stderr }) => stderr.includes("read again"));
    expect([status("first-token-of-this-test"), status("second-token-of-this-test")]).toEqual([401, 200]);
    expect(running.stderr).not.toContain("token-of-this-test");
  });

  test("answers this machine only when it is called by a name of its own", async () => {
    using net = network();
    using _weir = await served(net.near, WATCHED);
    const status = (host: string) => get(net.near, `${URL_}/api/snapshot`, "-H", `host: ${host}`).status;
    expect(["rebound.example", "rebound.example:9435", "127.0.0.1.example"].map(status)).toEqual([421, 421, 421]);
    expect(["localhost", "localhost:9435", "[::1]:9435", "127.0.0.1:1"].map(status)).toEqual([200, 200, 200, 200]);
  });

  test("finishes at SIGTERM what it is answering, and leaves nothing attached", async () => {
    using net = network();
    using running = await served(net.near, WATCHED);
    const events = net.near.spawn("curl", ["-sN", `${URL_}/api/events`], { stdio: "ignore" });
    const ended = new Promise((resolve) => events.once("exit", resolve));
    await until(() => metric(metrics(net.near), "weir_event_clients") === 1);
    running.process.kill("SIGTERM");
    expect(await running.exit).toEqual([0, null]);
    // The stream came to its end: curl would say 18 if it had been cut off.
    expect(await ended).toBe(0);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("says that the address is taken, and attaches nothing", async () => {
    using net = network();
    using _first = await served(net.near, "lo");
    const second = weir(["serve", WATCHED], net.near);
    expect(second).toMatchObject({
      code: 22,
      stdout: "",
      stderr: expect.stringContaining("another program listens there"),
    });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test.for([
    [["serve"], 21, "there is no interface to watch"],
    [["serve", WATCHED, "--listen", "0.0.0.0:9435"], 21, "can be reached from other machines"],
    [["serve", WATCHED, "--listen", "weir.example:80"], 21, "cannot listen on"],
    [["serve", WATCHED, "--token-file", "/no/such/token"], 12, "cannot be read"],
    [["serve", "--config", "/no/such/file"], 12, "cannot be read"],
    [["serve", "nothing"], 5, 'no interface named "nothing"'],
  ] as const)("%j ends with %i", ([words, code, message]) => {
    using net = network();
    expect(weir(words, net.near)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("weir balance answers too, with what its targets got", async () => {
    using net = network();
    const words = ["balance", "cpus", WATCHED, "--cpus", "0,1", "--listen", "127.0.0.1:9435", "--json"];
    using running = new RunningWeir(words, net.near);
    await running.until(({ stderr }) => stderr.includes("metrics on http://127.0.0.1:9435/metrics"));
    await sendUdp(net.far, 40, 20);
    const cpu = (number: number, text = metrics(net.near)) =>
      metric(text, `weir_balanced_packets_total{interface="veth0",target="${number}"}`) ?? 0;
    await until(() => cpu(0) + cpu(1) >= 40);
    const text = metrics(net.near);
    expect(metric(text, 'weir_protocol_packets_total{interface="veth0",protocol="udp"}')).toBe(40);
    const verdict = (name: string) => metric(text, `weir_verdicts_total{interface="veth0",verdict="${name}"}`) ?? 0;
    expect(verdict("redirect")).toBe(cpu(0, text) + cpu(1, text));
    expect(verdict("pass") + verdict("redirect")).toBe(metric(text, 'weir_frames_total{interface="veth0"}'));
    for (const name of documentedMetrics("Metrics of balancers")) expect(text).toMatch(new RegExp(`^${name}\\{`, "m"));
    expect(get(net.near, `${URL_}/api/snapshot`).status).toBe(404);
    running.process.kill("SIGINT");
    expect(await running.exit).toEqual([0, null]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("weir capture answers too, with what it lost", async () => {
    using net = network();
    const words = ["capture", WATCHED, "-w", "/dev/null", "--listen", "127.0.0.1:9435", "--verdict", "drop"];
    using running = new RunningWeir(words, net.near);
    await running.until(({ stderr }) => stderr.includes("metrics on http://127.0.0.1:9435/metrics"));
    await sendUdp(net.far, 40);
    const text = metrics(net.near);
    expect(metric(text, 'weir_capture_seen_packets_total{interface="veth0"}')).toBeGreaterThanOrEqual(40);
    expect(metric(text, 'weir_capture_left_out_packets_total{interface="veth0",by="verdict"}')).toBeGreaterThanOrEqual(
      40,
    );
    expect(text).toMatch(/^weir_capture_lost_packets_total\{interface="veth0",cpu="\d+",cause="ring_full"\} 0$/m);
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(documentedMetrics("Metrics of captures")));
    running.process.kill("SIGINT");
    expect(await running.exit).toEqual([0, null]);
  });

  test("prints the schema of its configuration", () => {
    expect(JSON.parse(weir(["serve", "--schema"]).stdout)).toMatchObject({
      title: "weir serve",
      properties: { listen: { type: "string" } },
    });
  });

  test.skipIf(requireTool("setpriv"))(
    "needs three capabilities; without a fourth it does not measure the program",
    async () => {
      using net = network();
      const set = "-all,+bpf,+perfmon,+net_admin";
      const [command, words] = weirWords(["serve", WATCHED]);
      const all = ["--bounding-set", set, "--inh-caps", set, command, ...words];
      const running = net.near.spawn("setpriv", all, { stdio: ["ignore", "ignore", "pipe"] });
      let stderr = "";
      running.stderr?.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      await until(() => stderr.includes("serving"));
      expect(stderr).toContain("what the program costs is not measured");
      expect(stderr).toContain("CAP_SYS_ADMIN");
      const text = metrics(net.near);
      expect(metric(text, 'weir_interface_attached{interface="veth0"}')).toBe(1);
      // Not a 0 that nobody measured.
      if (tryCommand("cat", ["/proc/sys/kernel/bpf_stats_enabled"]).stdout.trim() === "0") {
        expect(text).not.toMatch(/^weir_program_runs_total\{/m);
      }
      running.kill("SIGTERM");
    },
  );
});

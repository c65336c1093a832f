import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeObject } from "@weir/bytecode";
import { compile, formatDiagnostics } from "@weir/compiler";
import { NetworkNamespace } from "@weir/laboratory";
import { RunningWeir } from "./weir.ts";

export const BACKENDS = [1, 2, 3, 4] as const;
export const CLIENT = { ipv4: "192.0.2.100", ipv6: "2001:db8::100" } as const;
export const BALANCER = { ipv4: "192.0.2.1", ipv6: "2001:db8::1" } as const;
const ROUTER = { ipv4: "192.0.2.200", ipv6: "2001:db8::200" } as const;
export const VIRTUAL = { ipv4: "203.0.113.1", ipv6: "2001:db8:1::1" } as const;
/** Another side of the router. */
const FAR = { ipv4: "198.51.100", ipv6: "2001:db8:9:" } as const;
/** The balancer's second interface. */
export const FRONT = { device: "front", ipv4: "10.9.0", ipv6: "2001:db8:f:" } as const;
/** What gets from the router to the client behind it, in bytes; that client's own interface knows nothing of it. */
export const NARROW = 1300;
export const HTTP_PORT = 80;
export const ECHO_PORT = 7;

export const backendAddress = (number: number, family: "ipv4" | "ipv6"): string =>
  family === "ipv4" ? `192.0.2.${10 + number}` : `2001:db8::b${number}`;

/** What a server behind a service does: says its name over HTTP, and sends UDP back with its name before it. */
const SERVER = `
  import { createSocket } from "node:dgram"; import { createServer } from "node:http";
  const [name, ...addresses] = process.argv.slice(1);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.url === "/slow") { response.write(name + "\\n"); setTimeout(() => response.end("done\\n"), 3000); }
    else if (request.url === "/large") response.end(Buffer.alloc(300_000, name));
    else if (request.url === "/ill") response.writeHead(503).end();
    else request.on("end", () => response.end(name + "\\n")).resume();
  });
  server.listen({ host: "::", port: ${HTTP_PORT}, backlog: 4096 }, () => {
    let left = addresses.length;
    for (const address of addresses) {
      const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
      socket.on("message", (message, { port, address: to }) => socket.send(name + " " + message.length, port, to));
      socket.bind(${ECHO_PORT}, address, () => { if (--left === 0) process.stdout.write("ready\\n"); });
    }
  });`;

/** Milliseconds: an emulated machine needs minutes. */
const SLOW_START = 200_000;

/** How the balancer reaches the backends. */
export interface BalanceNetworkOptions {
  readonly mtu?: number;
  /** Backends take the packets out of tunnels. */
  readonly tunnel?: boolean;
}

/**
 * One segment with a client, a balancer and four backends, which have the virtual addresses on `lo` and answer the client
 * themselves. The virtual addresses are routed to the balancer.
 */
export class BalanceNetwork implements Disposable {
  readonly segment: NetworkNamespace;
  readonly client: NetworkNamespace;
  readonly balancer: NetworkNamespace;
  readonly backends: readonly NetworkNamespace[];
  /** Between the segment and clients far away. */
  readonly router: NetworkNamespace;
  /** The client behind the router, to which only packets of {@link NARROW} bytes get. */
  readonly far: NetworkNamespace;
  readonly #resources = new DisposableStack();
  readonly #servers = new Map<number, ChildProcess>();

  private constructor() {
    const namespace = () => this.#resources.use(NetworkNamespace.create());
    this.segment = namespace();
    this.client = namespace();
    this.balancer = namespace();
    this.backends = BACKENDS.map(namespace);
    this.router = namespace();
    this.far = namespace();
  }

  static async create(options: BalanceNetworkOptions = {}): Promise<BalanceNetwork> {
    const network = new BalanceNetwork();
    try {
      await network.#build(options);
      return network;
    } catch (error) {
      network[Symbol.dispose]();
      throw error;
    }
  }

  /** Starts the server of a backend. */
  async serve(number: number): Promise<void> {
    const words = ["--input-type=module", "-e", SERVER, "--", `backend${number}`, VIRTUAL.ipv4, VIRTUAL.ipv6];
    const server = this.backend(number).spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#servers.set(number, server);
    if (server.stdout !== null) await once(server.stdout, "data");
  }

  /** Kills the server of a backend. */
  async kill(number: number): Promise<void> {
    const server = this.#servers.get(number);
    if (server === undefined) throw new Error(`backend ${number} does not serve`);
    server.kill("SIGKILL");
    await once(server, "exit");
  }

  backend(number: number): NetworkNamespace {
    const backend = this.backends[number - 1];
    if (backend === undefined) throw new Error(`there is no backend ${number}`);
    return backend;
  }

  /** A second way from the client to the balancer, by an interface of its own: then backends are behind another one. */
  joinFront(): void {
    const { client, balancer } = this;
    balancer.run("ip", ["link", "add", FRONT.device, "type", "veth", "peer", "name", "way", "netns", client.name]);
    for (const [namespace, device, number] of [
      [balancer, FRONT.device, 1],
      [client, "way", 2],
    ] as const) {
      namespace.run("ip", ["address", "add", `${FRONT.ipv4}.${number}/24`, "dev", device]);
      namespace.run("ip", ["address", "add", `${FRONT.ipv6}:${number}/64`, "dev", device]);
      namespace.run("ip", ["link", "set", device, "up"]);
      namespace.run("ethtool", ["-K", device, "tx", "off"]);
    }
    client.run("ip", ["route", "replace", VIRTUAL.ipv4, "via", `${FRONT.ipv4}.1`]);
    client.run("ip", ["-6", "route", "replace", VIRTUAL.ipv6, "via", `${FRONT.ipv6}:1`]);
    for (const backend of this.backends) {
      backend.run("ip", ["route", "add", `${FRONT.ipv4}.0/24`, "via", BALANCER.ipv4]);
      backend.run("ip", ["-6", "route", "add", `${FRONT.ipv6}:/64`, "via", BALANCER.ipv6]);
    }
  }

  [Symbol.dispose](): void {
    for (const server of this.#servers.values()) server.kill("SIGKILL");
    this.#resources.dispose();
  }

  async #build({ mtu = 1500, tunnel = false }: BalanceNetworkOptions): Promise<void> {
    const { segment, client, balancer } = this;
    segment.run("ip", ["link", "add", "bridge", "type", "bridge"]);
    segment.run("ip", ["link", "set", "bridge", "up"]);
    this.#plug(client, "client", CLIENT.ipv4, CLIENT.ipv6, mtu);
    this.#plug(balancer, "balancer", BALANCER.ipv4, BALANCER.ipv6, mtu);
    balancer.sysctl("net.ipv4.ip_forward", 1);
    balancer.sysctl("net.ipv4.conf.all.send_redirects", 0);
    balancer.sysctl("net.ipv6.conf.all.forwarding", 1);
    client.run("ip", ["route", "add", VIRTUAL.ipv4, "via", BALANCER.ipv4]);
    client.run("ip", ["-6", "route", "add", VIRTUAL.ipv6, "via", BALANCER.ipv6]);
    this.#joinRouter(mtu);
    const folder = this.#resources.adopt(mkdtempSync(join(tmpdir(), "balance-")), (path) =>
      rmSync(path, { recursive: true }),
    );
    let compiled: string | undefined;
    for (const number of BACKENDS) {
      const backend = this.backend(number);
      this.#plug(backend, `backend${number}`, backendAddress(number, "ipv4"), backendAddress(number, "ipv6"), mtu);
      backend.sysctl("net.ipv4.conf.all.arp_ignore", 1);
      backend.sysctl("net.ipv4.conf.all.arp_announce", 2);
      backend.sysctl("net.ipv4.conf.all.rp_filter", 0);
      backend.run("ip", ["address", "add", `${VIRTUAL.ipv4}/32`, "dev", "lo"]);
      backend.run("ip", ["address", "add", `${VIRTUAL.ipv6}/128`, "dev", "lo"]);
      backend.run("ip", ["route", "add", `${FAR.ipv4}.0/24`, "via", ROUTER.ipv4]);
      backend.run("ip", ["-6", "route", "add", `${FAR.ipv6}:/64`, "via", ROUTER.ipv6]);
      if (tunnel) decapsulate(backend, () => (compiled ??= decapsulator(folder)));
    }
    await Promise.all(BACKENDS.map((number) => this.serve(number)));
    // What is sent back through a virtual cable needs a program at its other end.
    const other = this.#resources.use(
      new RunningWeir(["watch", "balancer", "--mode", "drv", "--interval", "60"], segment),
    );
    await other.until(() => segment.run("ip", ["link", "show", "balancer"]).includes("xdp"), SLOW_START);
  }

  #joinRouter(mtu: number): void {
    const { router, far } = this;
    this.#plug(router, "router", ROUTER.ipv4, ROUTER.ipv6, mtu);
    router.sysctl("net.ipv4.ip_forward", 1);
    router.sysctl("net.ipv6.conf.all.forwarding", 1);
    router.run("ip", [
      "link",
      "add",
      "far",
      "mtu",
      String(NARROW),
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      far.name,
    ]);
    const ends = [
      [router, "far", 1],
      [far, "eth0", 2],
    ] as const;
    for (const [namespace, device, number] of ends) {
      namespace.run("ip", ["address", "add", `${FAR.ipv4}.${number}/24`, "dev", device]);
      namespace.run("ip", ["address", "add", `${FAR.ipv6}:${number}/64`, "dev", device]);
      namespace.run("ip", ["link", "set", device, "up"]);
      namespace.run("ethtool", ["-K", device, "tx", "off"]);
    }
    far.run("ip", ["route", "add", "default", "via", `${FAR.ipv4}.1`]);
    far.run("ip", ["-6", "route", "add", "default", "via", `${FAR.ipv6}:1`]);
    for (const family of ["ipv4", "ipv6"] as const) {
      router.run("ip", [family === "ipv4" ? "-4" : "-6", "route", "add", VIRTUAL[family], "via", BALANCER[family]]);
    }
  }

  #plug(into: NetworkNamespace, port: string, ipv4: string, ipv6: string, mtu: number): void {
    const { segment } = this;
    const size = ["mtu", String(mtu)];
    segment.run("ip", [
      ...["link", "add", port, ...size, "type", "veth"],
      ...["peer", "name", "eth0", ...size, "netns", into.name],
    ]);
    segment.run("ip", ["link", "set", port, "master", "bridge", "up"]);
    into.run("ip", ["address", "add", `${ipv4}/24`, "dev", "eth0"]);
    into.run("ip", ["address", "add", `${ipv6}/64`, "dev", "eth0"]);
    // What asks for neighbours in the name of an address on another interface needs a link-local one.
    into.run("ip", ["address", "add", `fe80::${ipv6.split("::")[1]}/64`, "dev", "eth0"]);
    into.run("ip", ["link", "set", "eth0", "up"]);
    // XDP sees frames whose checksums a virtual cable has left for a card to fill in.
    into.run("ethtool", ["-K", "eth0", "tx", "off"]);
  }
}

/** The kernel's own devices take packets out of IPIP, and IPv6 out of IPv6; where it has none, a program does. */
function decapsulate(backend: NetworkNamespace, program: () => string): void {
  const made = [
    backend.try("ip", ["link", "add", "ipip0", "type", "ipip", "external"]),
    backend.try("ip", ["link", "add", "ip6tnl1", "type", "ip6tnl", "external"]),
  ];
  if (made.some(({ code }) => code !== 0)) {
    backend.run("ip", ["link", "set", "dev", "eth0", "xdpdrv", "obj", program(), "sec", "xdp"]);
    return;
  }
  for (const device of ["ipip0", "ip6tnl1"]) {
    backend.run("ip", ["link", "set", device, "up"]);
    backend.sysctl(`net.ipv4.conf.${device}.rp_filter`, 0);
  }
}

/** Compiles the program that takes packets out of tunnels. */
function decapsulator(folder: string): string {
  const file = join(folder, "decapsulate.bpf.o");
  const { object, diagnostics } = compile(new URL("decapsulate.bpf.ts", import.meta.url).pathname);
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  writeFileSync(file, writeObject(object));
  return file;
}

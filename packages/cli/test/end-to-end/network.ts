import { NetworkNamespace, type VethOptions, vethPair } from "@weir/laboratory";

/** The interface that the tests watch. */
export const WATCHED = "veth0";

/** Two namespaces joined by veth. What is sent in `far` comes in at `WATCHED` in `near`. */
export interface Network extends Disposable {
  readonly near: NetworkNamespace;
  readonly far: NetworkNamespace;
}

/** `quiet` networks have no IPv6 and no addresses, so that nothing but the test's own frames is sent. */
export function network({ quiet = false, ...veth }: VethOptions & { readonly quiet?: boolean } = {}): Network {
  using stack = new DisposableStack();
  const ipv6 = quiet ? "off" : "static";
  const near = stack.use(NetworkNamespace.create({ ipv6 }));
  const far = stack.use(NetworkNamespace.create({ ipv6 }));
  vethPair(near, far, { addresses: !quiet, ...veth });
  const owned = stack.move();
  return { near, far, [Symbol.dispose]: () => owned.dispose() };
}

/** What `ip link show` says of an interface. */
export function linkText(namespace: NetworkNamespace, name = WATCHED): string {
  return namespace.run("ip", ["link", "show", "dev", name]);
}

/** Sends so many UDP datagrams to 192.0.2.1, each from a socket of its own when `ports` is more than one. */
export async function sendUdp(far: NetworkNamespace, datagrams: number, ports = 1): Promise<void> {
  const script = `import { createSocket } from "node:dgram"; import { once } from "node:events";
    const sockets = await Promise.all(Array.from({ length: ${ports} }, async (_, index) => {
      const socket = createSocket("udp4"); socket.bind(20000 + index); await once(socket, "listening"); return socket; }));
    for (let sent = 0; sent < ${datagrams}; sent++)
      await new Promise((done) => sockets[sent % ${ports}].send("x".repeat(58), 7, "192.0.2.1", done));
    for (const socket of sockets) socket.close();`;
  far.run(process.execPath, ["--input-type=module", "-e", script]);
}

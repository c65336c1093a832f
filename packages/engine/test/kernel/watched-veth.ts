/** A veth pair between two namespaces without IPv6, where nothing is sent unasked but ARP. */
import { once } from "node:events";
import { inNetworkNamespace } from "@weir/kernel";
import { NetworkNamespace, type VethOptions, vethPair } from "@weir/laboratory";

/** A program of its own, because a socket lives in the network that its process is in. */
const SEND = `
  const [, address, count, size, ports, first] = process.argv;
  for (let port = Number(first); port < Number(first) + Number(ports); port++) {
    const socket = require("node:dgram").createSocket("udp4");
    let sent = 0;
    const next = () => {
      if (sent++ === Number(count)) socket.close();
      else socket.send(Buffer.alloc(Number(size)), 9, address, next);
    };
    socket.bind(port, next);
  }
`;

/** Sends until its input ends, and prints how many it sent. */
const SEND_ON = `
  const socket = require("node:dgram").createSocket("udp4");
  let [sent, ended] = [0, false];
  process.stdin.on("end", () => (ended = true)).resume();
  const next = () => {
    if (!ended) return socket.send("weir", 9, process.argv[1], () => { sent++; setImmediate(next); });
    process.stdout.write(String(sent));
    socket.close();
  };
  socket.bind(40000, () => { process.stdout.write("0\\n"); next(); });
`;

export interface WatchedVeth extends Disposable {
  /** Where frames are sent from. */
  readonly sender: NetworkNamespace;
  /** Where the monitor runs. */
  readonly receiver: NetworkNamespace;
  /** The interface that the frames come in on. */
  readonly name: string;
  /** Runs a function inside the receiver's network. */
  inside<Result>(act: () => Result): Result;
  /** Sends so many datagrams from port 40000, or another one, to port 9, of 8 bytes unless more are wanted; from each of so many ports from there on. */
  send(count: number, size?: number, ports?: number, first?: number): void;
  /** Sends datagrams as quickly as they are taken, from when it resolves until the function that it gives is called, which says how many. */
  startSending(): Promise<() => Promise<bigint>>;
}

export function watchedVeth(options: Omit<VethOptions, "names"> & { readonly name?: string } = {}): WatchedVeth {
  using stack = new DisposableStack();
  const sender = stack.use(NetworkNamespace.create({ ipv6: "off" }));
  const receiver = stack.use(NetworkNamespace.create({ ipv6: "off" }));
  const { name = "veth0", ...others } = options;
  const [, end] = vethPair(sender, receiver, { ...others, names: ["veth0", name] });
  const resources = stack.move();
  return {
    sender,
    receiver,
    name,
    inside: (act) => inNetworkNamespace(receiver.path, act),
    send: (count, size = 8, ports = 1, first = 40_000) =>
      void sender.run(process.execPath, ["-e", SEND, end.ipv4, ...[count, size, ports, first].map(String)]),
    startSending: async () => {
      const child = sender.spawn(process.execPath, ["-e", SEND_ON, end.ipv4], { stdio: ["pipe", "pipe", "inherit"] });
      let printed = "";
      child.stdout?.on("data", (data) => (printed += String(data)));
      while (!printed.includes("\n")) await once(child.stdout ?? child, "data");
      return async () => {
        child.stdin?.end();
        await once(child, "close");
        return BigInt(printed.split("\n")[1] ?? "");
      };
    },
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

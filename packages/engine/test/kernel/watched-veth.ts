/** A veth pair between two namespaces without IPv6, where nothing is sent unasked but ARP. */
import { inNetworkNamespace } from "@weir/kernel";
import { NetworkNamespace, type VethOptions, vethPair } from "@weir/laboratory";

/** A program of its own, because a socket lives in the network that its process is in. */
const SEND = `
  const [, address, count, size] = process.argv;
  const socket = require("node:dgram").createSocket("udp4");
  let sent = 0;
  const next = () => {
    if (sent++ === Number(count)) socket.close();
    else socket.send(Buffer.alloc(Number(size)), 9, address, next);
  };
  socket.bind(40000, next);
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
  /** Sends so many datagrams from port 40000 to port 9, of 8 bytes unless more are wanted. */
  send(count: number, size?: number): void;
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
    send: (count, size = 8) => void sender.run(process.execPath, ["-e", SEND, end.ipv4, String(count), String(size)]),
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

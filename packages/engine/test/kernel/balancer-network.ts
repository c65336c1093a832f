/** A client's network, a balancer's, and receivers', joined by veth; without IPv6 and addresses, so that nothing is sent unasked. */
import { BpfProgram, findInterface, inNetworkNamespace, type NetworkInterface } from "@weir/kernel";
import { NetworkNamespace, vethPair } from "@weir/laboratory";

import type { Monitor } from "../../src/index.ts";

export const INGRESS = "in0";

export interface BalancerNetwork extends Disposable {
  readonly client: NetworkNamespace;
  readonly balancer: NetworkNamespace;
  /** One for each receiver: the balancer's end of the cable to it. */
  readonly outputs: readonly string[];
  readonly receivers: readonly NetworkNamespace[];
  /** Runs a function inside the balancer's network. */
  inside<Result>(act: () => Result): Result;
  /** Lets so many frames come in as if the driver had received them; what the balancer decides is carried out. */
  comeIn(monitor: Monitor, data: Uint8Array, count: number): void;
  /** Frames that a receiver's end of the cable has received. */
  received(receiver: number): number;
}

/** @param options `takes`: whether receivers have GRO on, so that the balancer's ends take redirected frames; default true */
export function balancerNetwork(receivers: number, options: { readonly takes?: boolean } = {}): BalancerNetwork {
  using stack = new DisposableStack();
  const create = () => stack.use(NetworkNamespace.create({ ipv6: "off" }));
  const [client, balancer] = [create(), create()];
  vethPair(client, balancer, { addresses: false, names: ["veth0", INGRESS] });
  const outputs = Array.from({ length: receivers }, (_, index) => `out${index}`);
  const namespaces = outputs.map((name) => {
    const receiver = create();
    vethPair(balancer, receiver, { addresses: false, names: [name, "veth0"] });
    if (options.takes !== false) receiver.run("ethtool", ["-K", "veth0", "gro", "on"]);
    return receiver;
  });
  const inside = <Result>(act: () => Result): Result => inNetworkNamespace(balancer.path, act);
  const ingress: NetworkInterface = inside(() => findInterface(INGRESS));
  // The kernel's limit; but a veth has room for 256 frames, and would lose some of so many at once.
  const batchSize = receivers === 0 ? 256 : 64;
  const resources = stack.move();
  return {
    client,
    balancer,
    outputs,
    receivers: namespaces,
    inside,
    comeIn(monitor, data, count) {
      using program = BpfProgram.byId(monitor.interfaces[0]?.programId ?? 0);
      inside(() => {
        // One batch at a time: between two batches of one call, a signal would end it.
        for (let left = count; left > 0; left -= batchSize) {
          const frames = Math.min(left, batchSize);
          program.sendLiveFrames({ data, count: frames, batchSize, interfaceIndex: ingress.index });
        }
      });
    },
    received(receiver) {
      const text = namespaces[receiver]?.run("ip", ["-s", "-j", "link", "show", "dev", "veth0"]) ?? "[]";
      // What ip prints is as its manual says.
      const [link] = JSON.parse(text) as { stats64: { rx: { packets: number } } }[];
      return link?.stats64.rx.packets ?? 0;
    },
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

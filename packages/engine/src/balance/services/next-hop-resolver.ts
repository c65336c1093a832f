import { ArrayMap, type BpfProgram, findInterface, loadObject, shellWord } from "@weir/kernel";
import { NextHopQuestion, nextHopObject } from "@weir/programs";
import { ifFound } from "../../if-found.ts";
import { ownProgram } from "../../own-program.ts";
import type { IpAddress } from "./ip-address.ts";
import type { NextHop } from "./route.ts";
import type { BackendConfig } from "./services-config.ts";

/** What the kernel's tables say about the way to an address. */
export type Resolution =
  | ({ readonly kind: "found"; readonly viaRouter: boolean } & NextHop)
  /** The neighbour's hardware address is not known yet: something has to be sent there first. */
  | { readonly kind: "no neighbour"; readonly reason: string }
  | { readonly kind: "no way"; readonly reason: string };

/** Answers of `bpf_fib_lookup` (linux/bpf.h, `BPF_FIB_LKUP_RET_*`). */
const SUCCESS = 0;
const FORWARDING_OFF = 5;
const TUNNELLED_ROUTE = 6;
const NO_NEIGHBOUR = 7;
const REFUSALS: Readonly<Record<number, string>> = {
  1: "a blackhole route is there",
  2: "the routing table says unreachable",
  3: "the routing table says prohibited",
  4: "there is no route, or the address is this machine's own",
};

const AF_INET = 2;
const AF_INET6 = 10;

/**
 * Asks the kernel where packets that come in on an interface would go next: with `bpf_fib_lookup`, in a program that is run for
 * each question and attached to nothing. So the balancer itself needs no call for each packet.
 */
export class NextHopResolver implements Disposable {
  readonly #ingress: number;
  readonly #program: BpfProgram;
  readonly #question: ArrayMap<typeof NextHopQuestion>;
  readonly #resources: DisposableStack;

  /** @param ingress index of the interface that packets come in on */
  constructor(ingress: number) {
    using stack = new DisposableStack();
    const object = stack.use(loadObject(nextHopObject()));
    this.#program = ownProgram(object, "xdp_next_hop");
    this.#question = stack.use(ArrayMap.of(object.map("NEXT_HOP"), { value: NextHopQuestion }));
    this.#ingress = ingress;
    this.#resources = stack.move();
  }

  /** The next hop that the configuration gives, or that the kernel knows. @param source of the packets that will be sent */
  resolve(backend: BackendConfig, address: IpAddress, source: IpAddress | undefined): Resolution {
    return backend.mac === undefined ? this.#ask(address, source) : this.#given(backend, backend.mac);
  }

  #given(backend: BackendConfig, mac: string): Resolution {
    const leaving = ifFound(() => findInterface(backend.interface ?? this.#ingress));
    if (leaving === undefined) {
      return { kind: "no way", reason: `there is no interface ${backend.interface ?? "that packets come in on"}` };
    }
    const { index, mtu, hardwareAddress, name } = leaving;
    if (hardwareAddress === undefined) return { kind: "no way", reason: `${name} has no Ethernet address` };
    return {
      kind: "found",
      interface: this.#leaving(index),
      sourceMac: macBytes(hardwareAddress),
      destinationMac: macBytes(mac),
      mtu,
      viaRouter: false,
    };
  }

  #ask(address: IpAddress, source: IpAddress | undefined): Resolution {
    const padded = (bytes: Uint8Array = new Uint8Array(16)) => {
      const whole = new Uint8Array(16);
      whole.set(bytes);
      return whole;
    };
    const none = new Uint8Array(6);
    const lookup = {
      family: address.family === 4 ? AF_INET : AF_INET6,
      protocol: 0,
      sourcePort: 0,
      destinationPort: 0,
      mtu: 0,
      interface: this.#ingress,
      flow: 0,
      source: padded(source?.bytes),
      destination: padded(address.bytes),
      vlan: 0,
      sourceMac: none,
      destinationMac: none,
    };
    this.#question.set(0, { lookup, result: 0, reserved: 0 });
    this.#program.testRun({ data: new Uint8Array(14) });
    const { lookup: answer, result } = this.#question.at(0);
    if (result === NO_NEIGHBOUR) return { kind: "no neighbour", reason: "its hardware address is not known" };
    if (result !== SUCCESS) return { kind: "no way", reason: this.#reason(result) };
    return {
      kind: "found",
      interface: this.#leaving(answer.interface),
      sourceMac: answer.sourceMac,
      destinationMac: answer.destinationMac,
      mtu: answer.mtu,
      viaRouter: !padded(address.bytes).every((byte, index) => byte === answer.destination[index]),
    };
  }

  /** As deliveries have it: 0 is the interface that the packets came in on. */
  #leaving(index: number): number {
    return index === this.#ingress ? 0 : index;
  }

  #reason(result: number): string {
    if (result === FORWARDING_OFF) {
      const device = shellWord(ifFound(() => findInterface(this.#ingress))?.name ?? "the interface");
      return `the kernel does not forward what comes in on ${device}, so it has no next hops: switch it on (sysctl net.ipv4.conf.${device}.forwarding=1, net.ipv6.conf.all.forwarding=1), or give the backend's mac`;
    }
    if (result === TUNNELLED_ROUTE) return "the route goes through a tunnel of the kernel's";
    return REFUSALS[result] ?? `bpf_fib_lookup answers ${result}`;
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(":"), (part) => Number.parseInt(part, 16));
}

import { createSocket } from "node:dgram";
import { findInterface, findLinked, shellWord, xdpFeatures } from "@weir/kernel";
import { DELIVERY_NONE } from "@weir/programs";
import { ifFound } from "../../if-found.ts";
import type { BackendSlots } from "./backend-slots.ts";
import type { BalancedBackend } from "./balanced-backend.ts";
import type { BalancedService } from "./balanced-service.ts";
import { type IpAddress, parseAddress } from "./ip-address.ts";
import type { NextHopResolver, Resolution } from "./next-hop-resolver.ts";
import { macDelivery, noDelivery, tunnelDelivery } from "./route.ts";
import type { ServicesConfig } from "./services-config.ts";

/** Port of the discard service (RFC 863): something has to be sent so that the kernel asks for a neighbour's address. */
const DISCARD = 9;

/** RFC 8200, section 5: a link carries packets of 1,280 bytes; the outer header has 40. */
const LEAST_TUNNEL_MTU = 1320;

/** Keeps what the kernel's tables say of the ways to all backends in the balancer's. */
export class WayFinder {
  readonly #resolver: NextHopResolver;
  readonly #slots: BackendSlots;
  readonly #ingress: number;
  readonly #inDriver: boolean;

  /**
   * @param ingress index of the interface that packets come in on
   * @param inDriver whether packets are sent by drivers, which not all can: in mode skb every interface takes them
   */
  constructor(resolver: NextHopResolver, slots: BackendSlots, ingress: number, inDriver: boolean) {
    this.#resolver = resolver;
    this.#slots = slots;
    this.#ingress = ingress;
    this.#inDriver = inDriver;
  }

  /**
   * Asks for the way to each backend of a service.
   *
   * @returns whether anything has changed that the Maglev table depends on
   */
  refresh(service: BalancedService, { source }: ServicesConfig): boolean {
    const outer = source[service.address.family === 4 ? "ipv4" : "ipv6"];
    const tunnelSource = service.config.delivery === "tunnel" && outer !== undefined ? parseAddress(outer) : undefined;
    let changed = false;
    for (const backend of service.backends.values()) {
      const before = backend.unreachable;
      this.#refreshBackend(service, backend, tunnelSource);
      changed ||= (before === undefined) !== (backend.unreachable === undefined);
    }
    return changed;
  }

  #refreshBackend(service: BalancedService, backend: BalancedBackend, source: IpAddress | undefined): void {
    const resolution = this.#resolver.resolve(backend.config, backend.address, source);
    backend.awaitsNeighbour = resolution.kind === "no neighbour";
    if (backend.awaitsNeighbour) this.#awaken(backend.address);
    backend.unreachable = obstacle(resolution, service) ?? this.#refusedBy(resolution);
    if (resolution.kind !== "found" || backend.unreachable !== undefined) {
      this.#deliver(backend, noDelivery());
      return;
    }
    this.#deliver(
      backend,
      source === undefined ? macDelivery(resolution) : tunnelDelivery(resolution, source, backend.address),
    );
  }

  /** Why the driver of the interface that leads to a backend would lose the packets, which nothing counts but its own errors. */
  #refusedBy(resolution: Resolution): string | undefined {
    if (!this.#inDriver || resolution.kind !== "found") return undefined;
    if (resolution.interface === 0) return ifFound(() => lostAtPeer(this.#ingress));
    if (xdpFeatures(resolution.interface)?.has("ndo-xmit") !== false) return undefined;
    return `the interface with index ${resolution.interface}, which leads there, cannot send redirected frames (it needs ndo-xmit; a veth has it while its other end has an XDP program, or GRO)`;
  }

  #deliver(backend: BalancedBackend, delivery: ReturnType<typeof macDelivery>): void {
    const route = Object.values(delivery).join(" ");
    if (route === backend.route) return;
    // A backend that has just lost its way gets nothing more, while its last packets still find the old one.
    if (delivery.kind === DELIVERY_NONE && backend.route === "") return;
    backend.route = route;
    this.#slots.setDelivery(backend.number, delivery);
  }

  #awaken(address: IpAddress): void {
    const socket = createSocket(address.family === 4 ? "udp4" : "udp6");
    // Whether it gets there does not matter, nor what comes back.
    socket.on("error", () => socket.close());
    socket.send(new Uint8Array(1), DISCARD, address.text, () => socket.close());
    socket.unref();
  }
}

/** What keeps packets from getting to a backend; undefined when nothing does. */
function obstacle(resolution: Resolution, { config, address }: BalancedService): string | undefined {
  if (resolution.kind !== "found") return resolution.reason;
  if (config.delivery === "mac" && resolution.viaRouter) {
    return "it is behind a router, and with delivery mac it must be on the same segment: use delivery tunnel";
  }
  if (config.delivery === "tunnel" && address.family === 6 && resolution.mtu < LEAST_TUNNEL_MTU) {
    return `the way has an MTU of ${resolution.mtu}; IPv6 in IPv6 needs ${LEAST_TUNNEL_MTU}, since every sender may send 1280`;
  }
  return undefined;
}

/** A veth sends back (XDP_TX) only while its other end has a program in the driver: with GRO alone frames stay there and are not looked at. */
function lostAtPeer(ingress: number): string | undefined {
  const { kind, name, peer } = findInterface(ingress);
  if (kind !== "veth") return undefined;
  const other = findLinked(peer);
  const takes =
    other === undefined
      ? // In another namespace its programs are not to be seen; without program and GRO this is known.
        xdpFeatures(ingress)?.has("ndo-xmit") !== false
      : other.xdp.some(({ mode }) => mode === "drv");
  if (takes) return undefined;
  const remedy =
    other === undefined
      ? "in its network namespace: weir watch PEER --mode drv"
      : `weir watch ${shellWord(other.name)} --mode drv`;
  return `it is behind ${name} itself, and a veth sends nothing back unless its other end has an XDP program in the driver (${remedy}); or use --mode skb`;
}

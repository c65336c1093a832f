import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { HomeNamespace } from "../system/network-namespace.ts";
import { rtnetlink_groups, rtnetlink_message } from "../uapi/netlink.generated.ts";
import type { NetlinkMessage } from "./message.ts";
import { NetlinkSocket } from "./netlink-socket.ts";
import { decodeInterface, interfaces, type NetworkInterface } from "./network-interface.ts";
import { RTNETLINK } from "./route-request.ts";

/** What the kernel tells of an interface of this network namespace. */
export type InterfaceEvent =
  /** It is new, or something of it changed: its name, state, MTU, master… The kernel tells some changes twice. */
  | { readonly kind: "changed"; readonly interface: NetworkInterface }
  /** It is gone: removed, or moved to another network namespace. */
  | { readonly kind: "removed"; readonly interface: NetworkInterface }
  /** More happened than the kernel kept for this process, so events are missing; this is what there is now. */
  | { readonly kind: "overrun"; readonly interfaces: readonly NetworkInterface[] };

/** How much may happen while nobody listens. */
export interface InterfaceEventsOptions {
  /** Bytes; the default of 4 MiB holds some thousand events. */
  readonly buffer?: number;
}

const BUFFER = 4 * 1024 * 1024;
/** Datagrams that are taken in one go: the event loop has other work, too. */
const AT_ONCE = 256;

/**
 * Tells what happens to the interfaces of the network namespace that the process is in, as soon as the kernel tells it
 * (rtnetlink's group RTNLGRP_LINK), until it is disposed. It does not keep the process running.
 *
 * Events begin with this object's making: ask for `interfaces()` afterwards, and none is missed, though one may be told twice.
 *
 * @example
 * ```ts
 * using events = new InterfaceEvents((event) => {
 *   if (event.kind === "changed") console.log(event.interface.name, event.interface.operationalState);
 * });
 * ```
 * @see https://man7.org/linux/man-pages/man7/rtnetlink.7.html
 */
export class InterfaceEvents implements Disposable {
  readonly #tell: (event: InterfaceEvent) => void;
  readonly #home: HomeNamespace;
  readonly #socket: NetlinkSocket;
  readonly #resources: DisposableStack;

  /**
   * @param tell called from the event loop, in the network namespace that this was made in; what it throws is uncaught
   * @throws {KernelError} when the kernel gives no socket
   */
  constructor(tell: (event: InterfaceEvent) => void, { buffer = BUFFER }: InterfaceEventsOptions = {}) {
    using stack = new DisposableStack();
    this.#tell = tell;
    this.#home = stack.use(new HomeNamespace());
    this.#socket = stack.use(new NetlinkSocket(RTNETLINK));
    this.#socket.setBuffer(buffer);
    this.#socket.join(rtnetlink_groups.RTNLGRP_LINK);
    // Disposed before the socket, as it must be.
    stack.use(this.#socket.whileReadable(() => this.#home.run(() => this.#receive(AT_ONCE))));
    this.#resources = stack.move();
  }

  /** Whether it was disposed. */
  get isClosed(): boolean {
    return this.#resources.disposed;
  }

  /** Runs a function in the network namespace that this is about. */
  inside<Result>(act: () => Result): Result {
    return this.#home.run(act);
  }

  /** Tells now what has happened meanwhile, without waiting for the event loop. @throws {KernelError} */
  receive(): void {
    if (!this.isClosed) this.#home.run(() => this.#receive(Number.POSITIVE_INFINITY));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  #receive(most: number): void {
    for (let datagrams = 0; datagrams < most && !this.isClosed; datagrams += 1) {
      const received = this.#socket.receive("at once");
      if (received.kind === "messages") for (const message of received.messages) this.#decode(message);
      else if (received.errno === ERRNO.ENOBUFS) this.#startOver();
      else if (received.errno === ERRNO.EAGAIN) return;
      else throw systemError("recvfrom", "rtnetlink socket", received.errno);
    }
  }

  #decode(message: NetlinkMessage): void {
    const { RTM_NEWLINK, RTM_DELLINK } = rtnetlink_message;
    if (this.isClosed || (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK)) return;
    // Bridges tell of their ports in messages of the same types; those are about the port, not the interface.
    const family = message.payload[0];
    if (family !== 0) return;
    const kind = message.type === RTM_NEWLINK ? "changed" : "removed";
    const described = decodeInterface(message);
    // Wireless drivers tell of their own events with little more than the name.
    if (kind === "changed" && described.mtu === 0) return;
    this.#tell({ kind, interface: described });
  }

  /** What waits still is older than the list that is asked for now. */
  #startOver(): void {
    for (;;) {
      const received = this.#socket.receive("at once");
      if (received.kind === "failed" && received.errno !== ERRNO.ENOBUFS) break;
    }
    this.#tell({ kind: "overrun", interfaces: interfaces() });
  }
}

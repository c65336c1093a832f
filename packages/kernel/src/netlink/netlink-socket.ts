import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import type { MemoryBlock } from "../memory/memory-block.ts";
import { nativeCalls } from "../native/current-calls.ts";
import {
  AF_NETLINK,
  MSG_DONTWAIT,
  MSG_TRUNC,
  NETLINK_ADD_MEMBERSHIP,
  NETLINK_EXT_ACK,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_NETLINK,
  SOL_SOCKET,
} from "../uapi/macros.ts";
import { sockaddr_nl } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { decodeMessages, type NetlinkMessage } from "./message.ts";

/** A protocol of netlink: its number, and its name for messages. */
export interface NetlinkProtocol {
  readonly number: number;
  readonly name: string;
}

/** What a socket gives: the messages of one datagram, or the error number of why there is none. */
export type Received =
  | { readonly kind: "messages"; readonly messages: readonly NetlinkMessage[] }
  | { readonly kind: "failed"; readonly errno: number };

/** Larger than the 32 KiB that the kernel puts into one datagram of a dump. */
const RECEIVE_SIZE = 64 * 1024;

/**
 * A socket of netlink, in the network namespace that this process was in when it was opened: for what the kernel tells without being asked.
 *
 * @example
 * ```ts
 * import { genericFamily, GENERIC_NETLINK, NetlinkSocket } from "@weir/kernel/netlink";
 *
 * using socket = new NetlinkSocket(GENERIC_NETLINK);
 * socket.join(genericFamily("ethtool")?.groups.get("monitor") ?? 0);
 * const received = socket.receive();
 * if (received.kind === "messages") console.log(received.messages.length);
 * ```
 * @see https://docs.kernel.org/userspace-api/netlink/intro.html#multicast-notifications
 */
export class NetlinkSocket implements Disposable {
  readonly #descriptor: FileDescriptor;
  readonly #buffer: MemoryBlock;
  readonly #protocol: NetlinkProtocol;
  #isBound = false;

  /** @throws {KernelError} */
  constructor(protocol: NetlinkProtocol) {
    const number = nativeCalls().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol.number);
    if (number < 0) throw systemError("socket", protocol.name, -number);
    this.#protocol = protocol;
    this.#descriptor = new FileDescriptor(number, `${protocol.name} socket`);
    this.#buffer = arena().allocate(RECEIVE_SIZE);
    // Asks for the kernel's words with a refusal. A kernel that cannot (before 4.12) just gives none.
    this.#setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
  }

  /** The descriptor's number, for calls that take one. */
  get number(): number {
    return this.#descriptor.number;
  }

  /**
   * How many bytes of messages may wait to be received. Each takes some hundred bytes more than it has.
   *
   * Needs CAP_NET_ADMIN; without it there is a limit, `net.core.rmem_max`.
   */
  setBuffer(bytes: number): void {
    if (this.#setOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes) < 0) this.#setOption(SOL_SOCKET, SO_RCVBUF, bytes);
  }

  /**
   * Receives what the kernel tells a multicast group, from now on. Some groups need a capability.
   *
   * @throws {KernelError} when there is no such group
   */
  join(group: number): void {
    this.#bind();
    const result = this.#setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    if (result < 0) throw systemError("NETLINK_ADD_MEMBERSHIP", `${this.#protocol.name} group ${group}`, -result);
  }

  /** @returns 0, or the error number */
  send(message: Uint8Array): number {
    using block = arena().copy(message);
    return Math.max(0, -nativeCalls().sendto(this.#descriptor.number, block.address, block.size));
  }

  /** Waits for a datagram; or does not, and then fails with EAGAIN when there is none. */
  receive(wait: "wait" | "at once" = "wait"): Received {
    const flags = MSG_TRUNC | (wait === "wait" ? 0 : MSG_DONTWAIT);
    const { address, size, bytes } = this.#buffer;
    const length = nativeCalls().recvfrom(this.#descriptor.number, address, size, flags);
    if (length < 0) return { kind: "failed", errno: -length };
    // MSG_TRUNC gives the datagram's length, of which the buffer may hold a part only.
    if (length > size) return { kind: "failed", errno: ERRNO.EMSGSIZE };
    // Copied, for the next datagram comes to the same place.
    return { kind: "messages", messages: [...decodeMessages(bytes.slice(0, length))] };
  }

  /**
   * Calls a function from the event loop whenever there is something to receive, until the result is disposed of, which has to be before the
   * socket is. It does not keep the process running.
   */
  whileReadable(act: () => void): Disposable {
    return nativeCalls().whileReadable(this.#descriptor.number, act);
  }

  [Symbol.dispose](): void {
    this.#descriptor[Symbol.dispose]();
    this.#buffer[Symbol.dispose]();
  }

  /** Has the kernel number the socket. It tells a group's messages to none that has no number, as it has none itself. */
  #bind(): void {
    if (this.#isBound) return;
    using name = arena().allocate(sockaddr_nl.size);
    new StructureView(sockaddr_nl, name.view).assign({ nl_family: AF_NETLINK });
    const result = nativeCalls().bind(this.#descriptor.number, name.address, name.size);
    if (result < 0) throw systemError("bind", `${this.#protocol.name} socket`, -result);
    this.#isBound = true;
  }

  #setOption(level: number, option: number, value: number): number {
    using word = arena().allocate(4);
    word.view.setUint32(0, value, true);
    return nativeCalls().setsockopt(this.#descriptor.number, level, option, word.address, word.size);
  }
}

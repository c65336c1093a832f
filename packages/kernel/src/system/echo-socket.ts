import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";
import {
  AF_INET,
  AF_INET6,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  MSG_DONTWAIT,
  SOCK_CLOEXEC,
  SOCK_RAW,
} from "../uapi/macros.ts";

/** RFC 792 and RFC 4443. */
const ECHO = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const;
const MESSAGE = 16;
/** An IPv4 header with all options, and what is sent, comes back. */
const RECEIVE_SIZE = 60 + 1500;

let sequences = 0;

/**
 * Asks one address for ICMP echoes.
 *
 * @example
 * ```ts
 * using socket = new EchoSocket(Uint8Array.of(127, 0, 0, 1));
 * socket.send();
 * socket.receive(); // false until the echo is there
 * ```
 * Needs CAP_NET_RAW.
 */
export class EchoSocket implements Disposable {
  readonly #socket: FileDescriptor;
  readonly #family: 4 | 6;
  readonly #token: number;

  /** @param address 4 or 16 bytes @throws {KernelError} `WEIR_PERMISSION` */
  constructor(address: Uint8Array) {
    this.#family = address.length === 4 ? 4 : 6;
    // Identifier and sequence number together tell this socket's echoes from all others of this process.
    this.#token = ((process.pid & 0xffff) << 16) | (sequences++ & 0xffff);
    const [domain, protocol] = this.#family === 4 ? [AF_INET, IPPROTO_ICMP] : [AF_INET6, IPPROTO_ICMPV6];
    const calls = nativeCalls();
    const number = calls.socket(domain, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (number < 0) throw systemError("socket", "ICMP", -number);
    this.#socket = new FileDescriptor(number, "ICMP socket");
    using name = arena().copy(socketAddress(domain, address));
    const connected = calls.connect(number, name.address, name.size);
    if (connected < 0) {
      this.#socket[Symbol.dispose]();
      throw systemError("connect", "an ICMP socket", -connected);
    }
  }

  /** Sends an echo request. @throws {KernelError} when it has nowhere to go */
  send(): void {
    const message = new DataView(new ArrayBuffer(MESSAGE));
    message.setUint8(0, ECHO[this.#family].request);
    message.setUint32(4, this.#token >>> 0);
    // ICMPv6's checksum has the addresses in it, so the kernel fills it in.
    if (this.#family === 4) message.setUint16(2, checksum(message));
    using block = arena().copy(new Uint8Array(message.buffer));
    const sent = nativeCalls().sendto(this.#socket.number, block.address, block.size);
    if (sent < 0) throw systemError("sendto", "an ICMP socket", -sent);
  }

  /** Whether the echo has come; does not wait. @throws {KernelError} when the network says that there is no way */
  receive(): boolean {
    using buffer = arena().allocate(RECEIVE_SIZE);
    for (;;) {
      const length = nativeCalls().recvfrom(this.#socket.number, buffer.address, buffer.size, MSG_DONTWAIT);
      if (length === -ERRNO.EAGAIN) return false;
      if (length < 0) throw systemError("recvfrom", "an ICMP socket", -length);
      // A raw IPv4 socket gives the IP header too.
      const start = this.#family === 4 ? (buffer.view.getUint8(0) & 15) * 4 : 0;
      if (length < start + 8 || buffer.view.getUint8(start) !== ECHO[this.#family].reply) continue;
      if (buffer.view.getUint32(start + 4) === this.#token >>> 0) return true;
    }
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

/** `struct sockaddr_in` or `struct sockaddr_in6`, without port. */
function socketAddress(domain: number, address: Uint8Array): Uint8Array {
  const name = new Uint8Array(address.length === 4 ? 16 : 28);
  new DataView(name.buffer).setUint16(0, domain, true);
  name.set(address, address.length === 4 ? 4 : 8);
  return name;
}

/** RFC 1071. */
function checksum(message: DataView): number {
  let sum = 0;
  for (let offset = 0; offset < message.byteLength; offset += 2) sum += message.getUint16(offset);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
}

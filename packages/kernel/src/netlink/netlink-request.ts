import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import type { MemoryBlock } from "../memory/memory-block.ts";
import { nativeCalls } from "../native/current-calls.ts";
import {
  AF_NETLINK,
  NETLINK_EXT_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_NETLINK,
} from "../uapi/macros.ts";
import { decodeAcknowledgement } from "./acknowledgement.ts";
import { decodeMessages, encodeMessage, type NetlinkMessage, type NetlinkRequest } from "./message.ts";

/** What the kernel says to a request: messages, or why not. */
export type NetlinkAnswer =
  | { readonly kind: "answered"; readonly messages: readonly NetlinkMessage[] }
  | { readonly kind: "refused"; readonly errno: number; readonly words: string | undefined };

/** Larger than the 32 KiB that the kernel puts into one datagram of a dump. */
const RECEIVE_SIZE = 64 * 1024;
/** A dump that was disturbed by changes is asked for again, so often. */
const DUMP_ATTEMPTS = 5;

/** A protocol of netlink: its number, and its name for messages. */
export interface NetlinkProtocol {
  readonly number: number;
  readonly name: string;
}

/** Asks the kernel over netlink, in this process's network namespace. */
export function tryNetlinkRequest(protocol: NetlinkProtocol, request: NetlinkRequest): NetlinkAnswer {
  using socket = openSocket(protocol);
  using buffer = arena().allocate(RECEIVE_SIZE);
  for (let sequence = 1; ; sequence += 1) {
    const { answer, isDisturbed } = exchange(socket, request, sequence, buffer);
    // What changes all the time is told as it was last seen.
    if (!isDisturbed || sequence === DUMP_ATTEMPTS) return answer;
  }
}

function openSocket(protocol: NetlinkProtocol): FileDescriptor {
  const calls = nativeCalls();
  const number = calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol.number);
  if (number < 0) throw systemError("socket", protocol.name, -number);
  const socket = new FileDescriptor(number, `${protocol.name} socket`);
  using on = arena().allocate(4);
  on.view.setUint32(0, 1, true);
  // Asks for the kernel's words with a refusal. A kernel that cannot (before 4.12) just gives none.
  calls.setsockopt(number, SOL_NETLINK, NETLINK_EXT_ACK, on.address, on.size);
  return socket;
}

/** Sends a request and receives until its answer is complete. */
function exchange(
  socket: FileDescriptor,
  request: NetlinkRequest,
  sequence: number,
  buffer: MemoryBlock,
): { answer: NetlinkAnswer; isDisturbed: boolean } {
  const calls = nativeCalls();
  using message = arena().copy(encodeMessage(request, NLM_F_REQUEST | request.flags, sequence));
  const refuse = (errno: number, words?: string) => {
    const answer: NetlinkAnswer = { kind: "refused", errno, words };
    return { answer, isDisturbed: false };
  };
  const sent = calls.sendto(socket.number, message.address, message.size);
  if (sent < 0) return refuse(-sent);
  const isDump = (request.flags & NLM_F_DUMP) === NLM_F_DUMP;
  const messages: NetlinkMessage[] = [];
  const answer: NetlinkAnswer = { kind: "answered", messages };
  let isDisturbed = false;
  for (;;) {
    const length = calls.recvfrom(socket.number, buffer.address, buffer.size, 0);
    if (length < 0) return refuse(-length);
    // Copied, for the next datagram comes to the same place.
    for (const reply of decodeMessages(buffer.bytes.slice(0, length))) {
      if (reply.sequence !== sequence) continue;
      isDisturbed ||= (reply.flags & NLM_F_DUMP_INTR) !== 0;
      if (reply.type === NLMSG_ERROR) {
        const { errno, words } = decodeAcknowledgement(reply);
        return errno === 0 ? { answer, isDisturbed } : refuse(errno, words);
      }
      if (reply.type === NLMSG_DONE) return { answer, isDisturbed };
      messages.push(reply);
      if (!isDump) return { answer, isDisturbed };
    }
  }
}

import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR } from "../uapi/macros.ts";
import { decodeAcknowledgement } from "./acknowledgement.ts";
import { encodeMessage, type NetlinkMessage, type NetlinkRequest } from "./message.ts";
import { type NetlinkProtocol, NetlinkSocket } from "./netlink-socket.ts";

/** What the kernel says to a request: messages, or why not. */
export type NetlinkAnswer =
  | { readonly kind: "answered"; readonly messages: readonly NetlinkMessage[] }
  | {
      readonly kind: "refused";
      readonly errno: number;
      /** The kernel's sentence, and the name of the attribute that it objects to or misses, as far as it says so. */
      readonly words: string | undefined;
    };

/** A dump that was disturbed by changes is asked for again, so often. */
const DUMP_ATTEMPTS = 5;

/** Asks the kernel over netlink, in this process's network namespace. */
export function tryNetlinkRequest(protocol: NetlinkProtocol, request: NetlinkRequest): NetlinkAnswer {
  using socket = new NetlinkSocket(protocol);
  for (let sequence = 1; ; sequence += 1) {
    const { answer, isDisturbed } = exchange(socket, request, sequence);
    // What changes all the time is told as it was last seen.
    if (!isDisturbed || sequence === DUMP_ATTEMPTS) return answer;
  }
}

/** Sends a request and receives until its answer is complete. */
function exchange(
  socket: NetlinkSocket,
  request: NetlinkRequest,
  sequence: number,
): { answer: NetlinkAnswer; isDisturbed: boolean } {
  const refuse = (errno: number, words?: string) => {
    const answer: NetlinkAnswer = { kind: "refused", errno, words };
    return { answer, isDisturbed: false };
  };
  const sendError = socket.send(encodeMessage(request, NLM_F_REQUEST | request.flags, sequence));
  if (sendError !== 0) return refuse(sendError);
  const isDump = (request.flags & NLM_F_DUMP) === NLM_F_DUMP;
  const messages: NetlinkMessage[] = [];
  const answer: NetlinkAnswer = { kind: "answered", messages };
  let isDisturbed = false;
  for (;;) {
    const received = socket.receive();
    if (received.kind === "failed") return refuse(received.errno);
    for (const reply of received.messages) {
      if (reply.sequence !== sequence) continue;
      isDisturbed ||= (reply.flags & NLM_F_DUMP_INTR) !== 0;
      if (reply.type === NLMSG_ERROR || reply.type === NLMSG_DONE) {
        const { errno, words } = decodeAcknowledgement(reply, request);
        return errno === 0 ? { answer, isDisturbed } : refuse(errno, words);
      }
      messages.push(reply);
      if (!isDump) return { answer, isDisturbed };
    }
  }
}

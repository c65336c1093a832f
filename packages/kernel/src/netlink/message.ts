import { nlmsghdr } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { align, encodeAttributes, type NetlinkAttribute } from "./attributes.ts";

/** A question to the kernel. */
export interface NetlinkRequest {
  /** The kernel's name of it, for messages: `RTM_SETLINK`. */
  readonly name: string;
  readonly type: number;
  /** `NLM_F_*`, besides NLM_F_REQUEST. */
  readonly flags: number;
  /** The structure that this type of message begins with. */
  readonly head: Uint8Array;
  readonly attributes: readonly NetlinkAttribute[];
}

/** One message of an answer. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export function encodeMessage(request: NetlinkRequest, flags: number, sequence: number): Uint8Array {
  const attributes = encodeAttributes(request.attributes);
  const headLength = align(request.head.length);
  const bytes = new Uint8Array(nlmsghdr.size + headLength + attributes.length);
  new StructureView(nlmsghdr, new DataView(bytes.buffer)).assign({
    nlmsg_len: bytes.length,
    nlmsg_type: request.type,
    nlmsg_flags: flags,
    nlmsg_seq: sequence,
  });
  bytes.set(request.head, nlmsghdr.size);
  bytes.set(attributes, nlmsghdr.size + headLength);
  return bytes;
}

/** The messages in one datagram. Their payloads are views of `bytes`. */
export function* decodeMessages(bytes: Uint8Array): Generator<NetlinkMessage, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset + nlmsghdr.size <= bytes.length; ) {
    const header = new StructureView(nlmsghdr, view, offset);
    const length = header.number("nlmsg_len");
    if (length < nlmsghdr.size || offset + length > bytes.length) return;
    yield {
      type: header.number("nlmsg_type"),
      flags: header.number("nlmsg_flags"),
      sequence: header.number("nlmsg_seq"),
      payload: bytes.subarray(offset + nlmsghdr.size, offset + length),
    };
    offset += align(length);
  }
}

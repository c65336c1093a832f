import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { nlmsghdr } from "../uapi/netlink.generated.ts";
import type { Structure } from "../uapi/structure.ts";
import { StructureView } from "../uapi/structure-view.ts";
import type { EncodedAttributes } from "./attribute-table.ts";
import { align } from "./attributes.ts";

/** A question to the kernel. */
export interface NetlinkRequest {
  /** The kernel's name of it, for messages: `RTM_SETLINK`. */
  readonly name: string;
  readonly type: number;
  /** `NLM_F_*`, besides NLM_F_REQUEST. */
  readonly flags: number;
  /** The structure that this type of message begins with. */
  readonly head: Uint8Array;
  readonly attributes: EncodedAttributes;
}

/** One message of an answer, or of a multicast group. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  /** That of the request, 0 when nobody asked. */
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Where in a message its attributes begin, given the size of the structure before them. */
export function attributesOffset(headSize: number): number {
  return nlmsghdr.size + align(headSize);
}

export function encodeMessage(request: NetlinkRequest, flags: number, sequence: number): Uint8Array {
  const { bytes: attributes } = request.attributes;
  const start = attributesOffset(request.head.length);
  const bytes = new Uint8Array(start + attributes.length);
  new StructureView(nlmsghdr, new DataView(bytes.buffer)).assign({
    nlmsg_len: bytes.length,
    nlmsg_type: request.type,
    nlmsg_flags: flags,
    nlmsg_seq: sequence,
  });
  bytes.set(request.head, nlmsghdr.size);
  bytes.set(attributes, start);
  return bytes;
}

/** The messages in one datagram. Their payloads are views of `bytes`. A damaged one ends them, as in the kernel (`nlmsg_ok`). */
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

/**
 * The attributes of a message, behind the structure that it begins with.
 *
 * @param headSize bytes of that structure; the kernel's are padded to 4
 * @example
 * ```
 * decode(NEIGHBOUR, attributesBehind(message, 12)); // struct ndmsg
 * ```
 */
export function attributesBehind({ payload }: NetlinkMessage, headSize: number): Uint8Array {
  return payload.subarray(align(headSize));
}

/**
 * The structure that a message begins with, and the attributes behind it.
 *
 * @param name of the message, for the error
 * @throws {KernelError} when the message is shorter than the structure, which the kernel's are not
 */
export function splitMessage<S extends Structure>(
  message: NetlinkMessage,
  structure: S,
  name: string,
): { head: StructureView<S>; attributes: Uint8Array } {
  const { payload } = message;
  if (payload.length < structure.size) {
    const advice = [`It has ${payload.length} bytes, where ${structure.name} alone has ${structure.size}.`];
    throw systemError("read", `netlink message ${name}`, ERRNO.EBADMSG, { advice });
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { head: new StructureView(structure, view), attributes: attributesBehind(message, structure.size) };
}

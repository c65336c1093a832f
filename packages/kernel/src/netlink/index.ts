/**
 * Netlink, by which the kernel is asked about interfaces, routes, drivers and all that has a family of its own. Messages are read and written
 * by tables of attributes; a refusal is an error with the kernel's own words and the name of the attribute that it objects to.
 *
 * What weir itself asks is ready in `@weir/kernel`: `interfaces`, `channels`, `rings`, `deviceFeatures`, `xdpCapabilities`, `InterfaceEvents`…
 *
 * @module
 */
export { NLM_F_ACK, NLM_F_DUMP } from "../uapi/macros.ts";
export {
  type AttributeKind,
  bits,
  bytes,
  choice,
  flag,
  hardwareAddress,
  list,
  repeated,
  s32,
  single,
  text,
  u8,
  u16,
  u32,
  u64,
} from "./attribute-kinds.ts";
export {
  type Attribute,
  type AttributeTable,
  type AttributeValues,
  attributeTable,
  decode,
  type EncodedAttributes,
  encode,
  nested,
} from "./attribute-table.ts";
export { type GenericFamily, genericFamily } from "./generic-family.ts";
export { GENERIC_NETLINK, type GenericRequest, genericMessages } from "./generic-message.ts";
export { type GenericQuestion, genericRequest } from "./generic-request.ts";
export { attributesBehind, type NetlinkMessage, type NetlinkRequest } from "./message.ts";
export { type NetlinkProtocol, NetlinkSocket, type Received } from "./netlink-socket.ts";
export { RTNETLINK, routeRequest } from "./route-request.ts";

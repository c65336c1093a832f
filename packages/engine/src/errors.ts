/**
 * What went wrong, for programs; the text is for people. What the kernel refuses comes as a `KernelError`, whose codes have
 * the same meaning.
 *
 * | code | meaning |
 * |---|---|
 * | `WEIR_OPTION` | an option has a value that makes no sense |
 * | `WEIR_PERMISSION` | root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, is missing |
 * | `WEIR_KERNEL` | the kernel has no BPF, is too old, or refused a call |
 * | `WEIR_NO_INTERFACE` | there is no interface of that name |
 * | `WEIR_INTERFACE_DOWN` | the interface is down, so no packet can come |
 * | `WEIR_LINK_TYPE` | the interface does not carry Ethernet frames |
 * | `WEIR_INTERFACE_REMOVED` | the interface was removed while it was watched |
 * | `WEIR_BUSY` | another XDP program is attached to the interface; it was not touched |
 * | `WEIR_MODE` | the interface cannot do the mode that was asked for |
 * | `WEIR_TARGET` | an interface takes no frames that are redirected to it |
 * | `WEIR_ALREADY_ATTACHED` | weir is attached to the interface already |
 * | `WEIR_NOT_ATTACHED` | weir is not attached to the interface |
 * | `WEIR_NO_RULES` | weir has no rules on the interface |
 * | `WEIR_GUARD` | rules would cut off whoever applies them |
 * | `WEIR_UNCONFIRMED` | the rules on the interface wait to be confirmed |
 * | `WEIR_LAYOUT` | the pinned maps have another layout than the program that shall count into them |
 * | `WEIR_VERSION` | another version of weir attached the monitor, in a form that this one cannot read |
 * | `WEIR_NO_ROUTE` | packets for a backend have nowhere to go |
 * | `WEIR_FILE` | the file cannot be opened or read |
 * | `WEIR_OUTPUT` | the output cannot be written |
 * | `WEIR_CAPTURE_EMPTY` | the file has no byte |
 * | `WEIR_CAPTURE_FORMAT` | the file is no pcap or pcapng capture |
 * | `WEIR_CAPTURE_TRUNCATED` | the capture ends in the middle of a record |
 * | `WEIR_CAPTURE_DAMAGED` | the capture contradicts itself |
 * | `WEIR_CAPTURE_LINK_TYPE` | the capture holds frames of another link type than Ethernet |
 */
export type EngineErrorCode =
  | "WEIR_OPTION"
  | "WEIR_PERMISSION"
  | "WEIR_KERNEL"
  | "WEIR_NO_INTERFACE"
  | "WEIR_INTERFACE_DOWN"
  | "WEIR_LINK_TYPE"
  | "WEIR_INTERFACE_REMOVED"
  | "WEIR_BUSY"
  | "WEIR_MODE"
  | "WEIR_TARGET"
  | "WEIR_ALREADY_ATTACHED"
  | "WEIR_NOT_ATTACHED"
  | "WEIR_NO_RULES"
  | "WEIR_GUARD"
  | "WEIR_UNCONFIRMED"
  | "WEIR_LAYOUT"
  | "WEIR_VERSION"
  | "WEIR_NO_ROUTE"
  | "WEIR_FILE"
  | "WEIR_OUTPUT"
  | "WEIR_CAPTURE_EMPTY"
  | "WEIR_CAPTURE_FORMAT"
  | "WEIR_CAPTURE_TRUNCATED"
  | "WEIR_CAPTURE_DAMAGED"
  | "WEIR_CAPTURE_LINK_TYPE";

/** A failure with a stable code; the message says what was attempted, on what, and what can be done. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

import { findInterface, findLinked, type NetworkInterface, shellWord } from "@weir/kernel";
import { EngineError } from "../errors.ts";

/**
 * With a larger MTU some drivers want a program that takes frames in several buffers: what Intel's give one buffer, which others
 * have up to 3,506 for, what is left of a page of 4 KiB besides the headroom and the kernel's own data.
 */
const SINGLE_BUFFER_MTU = 3046;

/** The interface with this name, when frames that the monitor reads can come in on it. @throws {EngineError | KernelError} */
export function usableInterface(name: string): NetworkInterface {
  const found = findInterface(name);
  checkEthernet(found);
  if (!found.up) {
    const { name: known } = found;
    throw new EngineError(
      "WEIR_INTERFACE_DOWN",
      `interface ${known} is down, so no packet can come\n  Switch it on first: ip link set dev ${shellWord(known)} up`,
    );
  }
  return found;
}

/** @throws {EngineError} when its frames do not begin with an Ethernet header */
export function checkEthernet({ name, kind, linkType, ethernet }: NetworkInterface): void {
  if (ethernet) return;
  throw new EngineError(
    "WEIR_LINK_TYPE",
    `interface ${name} carries no Ethernet frames: its link type is ${linkType}${kind === undefined ? "" : `, its kind ${kind}`}\n` +
      "  weir reads frames from the Ethernet header on. Watch the interface that these packets come in on.",
  );
}

/**
 * Whether frames of this interface may come in several buffers. Where they do not, a program that takes them would be slower by a fifth
 * for each packet; the price is that a larger MTU is refused as long as a program in the driver takes one buffer only.
 */
export function needsFrags({ mtu, kind, peer }: NetworkInterface): boolean {
  if (mtu > SINGLE_BUFFER_MTU) return true;
  // A veth takes what its other end sends. In another namespace that cannot be asked.
  return kind === "veth" && (findLinked(peer)?.mtu ?? 0) > SINGLE_BUFFER_MTU;
}

import { findInterface, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";

/**
 * With this MTU and more, drivers want a program that takes frames in several buffers: what is left of a page of 4 KiB
 * besides the headroom and the kernel's own data.
 */
const SINGLE_BUFFER_MTU = 3498;

/** The interface with this name, when packets can come in on it. @throws {EngineError | KernelError} */
export function usableInterface(name: string): NetworkInterface {
  const found = findInterface(name);
  if (!found.up) {
    throw new EngineError(
      "WEIR_INTERFACE_DOWN",
      `interface ${found.name} is down, so no packet can come\n  Switch it on first: ip link set dev ${found.name} up`,
    );
  }
  return found;
}

/** Whether frames of this interface may come in several buffers. */
export function needsFrags({ mtu }: NetworkInterface): boolean {
  return mtu > SINGLE_BUFFER_MTU;
}

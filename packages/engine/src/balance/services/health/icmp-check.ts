import { EchoSocket } from "@weir/kernel";
import { knownAddress } from "../ip-address.ts";
import type { Check } from "./check.ts";

/** How often is looked whether the echo is there. */
const LOOK_INTERVAL = 10;

/** An ICMP echo request is answered. */
export const icmpCheck: Check = async ({ address, timeout }) => {
  using socket = new EchoSocket(knownAddress(address).bytes);
  const deadline = performance.now() + timeout;
  socket.send();
  while (!socket.receive()) {
    if (performance.now() > deadline) throw new Error(`no echo within ${timeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL));
  }
};

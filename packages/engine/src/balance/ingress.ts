import { type NetworkInterface, xdpFeatures } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";

/** Whether the program will run in the driver, as far as the kernel tells (since Linux 6.3). */
export function runsInDriver({ index }: NetworkInterface, mode: Mode): boolean {
  return mode === "drv" || (mode === "auto" && xdpFeatures(index)?.has("basic") !== false);
}

/** Refuses an interface whose driver runs programs and cannot redirect. @throws {EngineError} `WEIR_MODE` */
export function checkRedirect(ingress: NetworkInterface, mode: Mode): void {
  const features = xdpFeatures(ingress.index);
  if (!runsInDriver(ingress, mode) || features === undefined || features.has("redirect") || !features.has("basic"))
    return;
  throw new EngineError(
    "WEIR_MODE",
    `the driver of ${ingress.name} runs XDP programs, and cannot redirect packets\n  Use --mode skb: it works with every driver.`,
  );
}

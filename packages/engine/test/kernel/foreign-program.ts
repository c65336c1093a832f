import { attachXdp } from "@weir/kernel";
import { loadMonitor } from "../../src/monitor/load-monitor.ts";
import type { WatchedVeth } from "./watched-veth.ts";

/** Attaches a program that is not weir's to speak of, as another tool would; gives its id. */
export function attachForeign(veth: WatchedVeth, by: "link" | "netlink", mode: "drv" | "skb" = "drv") {
  const loaded = loadMonitor({ table: { connections: 1, idle: 0n }, sample: undefined, frags: false });
  const attachment = veth.inside(() => attachXdp({ interface: veth.name, program: loaded.program, by, mode }));
  return {
    id: loaded.program.id,
    [Symbol.dispose]() {
      veth.inside(() => attachment.detach());
      loaded[Symbol.dispose]();
    },
  };
}

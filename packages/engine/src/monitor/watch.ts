import type { NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Monitor } from "../monitor.ts";
import type { WatchOptions } from "../options.ts";
import { foreignSetting, modeSetting, sharingSettings, tableSettings } from "./check-options.ts";
import { FixedInterfaces } from "./fixed-interfaces.ts";
import { FollowedInterfaces } from "./follow/followed-interfaces.ts";
import { InterfaceMonitor } from "./interface-monitor.ts";
import { InterfacesMonitor, type MonitorContext } from "./interfaces-monitor.ts";
import { FIRST_RATE } from "./rate-controller.ts";
import { budgetShare, type SampleSettings, sampleSettings } from "./sample-settings.ts";
import { usableInterface } from "./usable-interface.ts";

/**
 * Counts every frame that comes in on interfaces, before the network stack sees it, until the monitor is closed. Where a dispatcher of libxdp
 * is, it joins the programs that are there.
 *
 * @example
 * ```ts
 * for await (const [snapshot] of watch("eth0", { limit: 10 })) {
 *   console.log(snapshot?.rates.packetsPerSecond, snapshot?.connections);
 * }
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @param interfaces names, alternative names too; each is watched once. With `follow`, patterns as well
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`, `WEIR_MODE` when an interface cannot do the mode
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY` when another XDP program is there, `WEIR_PERMISSION`; nothing is
 * attached then
 */
export function watch(interfaces: string | readonly string[], options: WatchOptions = {}): Monitor {
  const table = tableSettings(options);
  const mode = modeSetting(options.mode);
  const sharing = sharingSettings(options);
  const names = new Set(typeof interfaces === "string" ? [interfaces] : interfaces);
  if (names.size === 0) throw new EngineError("WEIR_OPTION", "there is no interface to watch: name at least one");
  const share = budgetShare(options);
  const sample: SampleSettings | undefined =
    share === undefined ? sampleSettings(options) : { by: "packets", rate: FIRST_RATE };
  const replaceForeign = foreignSetting(options);
  const { statistics = false } = options;
  const settings = { mode, table, sample, replaceForeign, sharing, statistics, budget: share !== undefined };
  const attach = (target: NetworkInterface) => new InterfaceMonitor({ target, ...settings });
  const wanted = [...names];
  const { follow = false, onChange = () => {} } = options;
  const open = follow
    ? ({ begin, read }: MonitorContext) =>
        new FollowedInterfaces({ wanted, attach: (target) => begin(attach(target)), read, onChange })
    : () => new FixedInterfaces(wanted.map((name) => () => attach(usableInterface(name))));
  return new InterfacesMonitor(open, options, { sample, share });
}

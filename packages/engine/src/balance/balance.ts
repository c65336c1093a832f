import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { modeSetting, tableSettings } from "../monitor/check-options.ts";
import { FixedInterfaces } from "../monitor/fixed-interfaces.ts";
import { InterfaceMonitor } from "../monitor/interface-monitor.ts";
import { InterfacesMonitor } from "../monitor/interfaces-monitor.ts";
import type { Monitor } from "../monitor.ts";
import type { CpuBalanceOptions, DeviceBalanceOptions, MonitorOptions, ReadingOptions } from "../options.ts";
import { cpuPlan } from "./cpu-plan.ts";
import { queueSizeSetting, usableCpus } from "./cpu-targets.ts";
import { devicePlan } from "./device-plan.ts";
import type { SteeringPlan } from "./steering-plan.ts";
import { steeringStage } from "./steering-stage.ts";

/**
 * Spreads the packets that come in on an interface over CPUs, until the balancer is closed: for network cards with fewer queues than
 * there are CPUs. Both directions of a connection go to the same CPU, and all fragments of a datagram; what is in no connection stays
 * on the CPU that it came in on. The balancer is a monitor too, whose snapshots have `steering`.
 *
 * @example
 * ```ts
 * for await (const [snapshot] of balanceCpus("eth0", { cpus: [1, 2, 3] })) {
 *   for (const { target, packets, dropped } of snapshot?.steering?.targets ?? []) console.log(target, packets, dropped);
 * }
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_OPTION` for a CPU that is not there or does not run; and as `watch`
 * @throws {KernelError} as `watch`; nothing is attached then
 * @see https://docs.kernel.org/bpf/map_cpumap.html
 */
export function balanceCpus(interfaceName: string, options: CpuBalanceOptions): Monitor {
  const mode = softwareMode(options.mode);
  const cpus = usableCpus(options.cpus);
  const queueSize = queueSizeSetting(options.queueSize);
  return balancer(cpuPlan(interfaceName, cpus, queueSize, mode), options);
}

/**
 * Sends the packets that come in on an interface out on others, until the balancer is closed: each connection on one of them, or, as
 * a mirror, each frame on all of them. What is in no connection is passed on to the network stack, unless it is a mirror. The frames are
 * sent as they are, with their Ethernet addresses.
 *
 * @example
 * ```ts
 * using mirror = balanceDevices("eth0", { to: ["eth1", "eth2"], mirror: true });
 * const [snapshot] = mirror.snapshot();
 * snapshot?.steering?.targets.map(({ target, delivered }) => [target, delivered]);
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_TARGET` when an interface takes no redirected frames, `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`,
 * `WEIR_LINK_TYPE`; and as `watch`
 * @throws {KernelError} as `watch`; nothing is attached then
 * @see https://docs.kernel.org/bpf/map_devmap.html
 */
export function balanceDevices(interfaceName: string, options: DeviceBalanceOptions): Monitor {
  const mode = softwareMode(options.mode);
  const { to, mirror = false } = options;
  return balancer(devicePlan(interfaceName, to, mirror, mode), options);
}

/** Attaches the monitor that carries out a plan. */
function balancer(plan: SteeringPlan, options: MonitorOptions & ReadingOptions): Monitor {
  const { ingress: target, mode } = plan;
  const { statistics = false } = options;
  const table = tableSettings(options);
  const stage = steeringStage(plan);
  const attach = () => new InterfaceMonitor({ target, mode, table, statistics, stage });
  return new InterfacesMonitor(() => new FixedInterfaces([attach]), options);
}

/** Network cards that run programs know no maps of CPUs or interfaces. */
function softwareMode(given: Mode | undefined): Mode {
  const mode = modeSetting(given);
  if (mode !== "hw") return mode;
  throw new EngineError("WEIR_OPTION", 'option mode is "hw"; to redirect packets it must be one of auto, drv, skb');
}

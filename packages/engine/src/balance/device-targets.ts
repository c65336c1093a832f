import { findInterface, type NetworkInterface, shellWord, type XdpFeature, xdpFeatures } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { needsFrags } from "../monitor/usable-interface.ts";

/** Targets that can be sent to, and what may go wrong with them. */
export interface DeviceTargets {
  readonly targets: readonly NetworkInterface[];
  readonly warnings: readonly string[];
}

/**
 * The interfaces with these names, when frames of another one can be sent out on them.
 *
 * @param inDriver whether the program runs in the driver: in mode skb, any interface takes frames
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`, `WEIR_LINK_TYPE`; `WEIR_TARGET` when it takes no redirected frames
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 */
export function deviceTargets(names: readonly string[], ingress: NetworkInterface, inDriver: boolean): DeviceTargets {
  if (names.length === 0)
    throw new EngineError("WEIR_OPTION", "option to is empty; it must name at least one interface");
  const targets: NetworkInterface[] = [];
  const warnings: string[] = [];
  for (const name of names) {
    const target = findInterface(name);
    if (targets.some(({ index }) => index === target.index)) {
      throw new EngineError("WEIR_OPTION", `option to has ${target.name} twice; it must have each interface once`);
    }
    checkKind(target, ingress);
    if (inDriver) warnings.push(...checkFeatures(target, ingress));
    warnings.push(...mtuWarnings(target, ingress));
    targets.push(target);
  }
  return { targets, warnings };
}

function checkKind({ index, name, up, ethernet, linkType }: NetworkInterface, ingress: NetworkInterface): void {
  if (index === ingress.index) {
    throw new EngineError(
      "WEIR_OPTION",
      `option to has ${name} itself; it must have other interfaces than the one balanced`,
    );
  }
  if (!ethernet) {
    throw new EngineError("WEIR_LINK_TYPE", `target ${name} carries no Ethernet frames: its link type is ${linkType}`);
  }
  if (!up) {
    throw new EngineError(
      "WEIR_INTERFACE_DOWN",
      `target ${name} is down, so frames for it would be lost\n  Switch it on first: ip link set dev ${shellWord(name)} up`,
    );
  }
}

/** A frame for a driver that takes none is lost, and nothing but a tracepoint tells. */
function checkFeatures(target: NetworkInterface, ingress: NetworkInterface): string[] {
  const { name } = target;
  const features = xdpFeatures(target.index);
  if (features === undefined) {
    return [
      `whether ${name} takes redirected frames, this kernel cannot tell (Linux 6.3 can): look at its errors and drops`,
    ];
  }
  if (!features.has("ndo-xmit")) throw takesNoFrames(target, features);
  if (needsFrags(ingress) && !features.has("ndo-xmit-sg")) {
    return [
      `${name} takes no frames in several buffers: those of ${ingress.name} above 3.5 kB will be lost, and counted as errors`,
    ];
  }
  return [];
}

function takesNoFrames({ name, kind }: NetworkInterface, features: ReadonlySet<XdpFeature>): EngineError {
  const remedy =
    kind === "veth"
      ? "A veth takes them while its other end has an XDP program, or GRO: ethtool -K PEER gro on"
      : features.size === 0
        ? "Its driver knows no XDP. With --mode skb every interface takes them."
        : "Some drivers take them only while they have an XDP program of their own. With --mode skb every interface takes them.";
  return new EngineError(
    "WEIR_TARGET",
    `target ${name} takes no redirected frames, so they would be lost\n  ${remedy}`,
  );
}

function mtuWarnings({ name, mtu }: NetworkInterface, ingress: NetworkInterface): string[] {
  if (mtu >= ingress.mtu) return [];
  return [
    `the MTU of ${name} is ${mtu}, that of ${ingress.name} ${ingress.mtu}: longer packets will be lost, and counted as errors`,
  ];
}

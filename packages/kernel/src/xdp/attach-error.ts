import { ERRNO } from "../errors/errno.ts";
import type { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import type { NetworkInterface, XdpMode } from "../netlink/network-interface.ts";
import { queryXdp } from "./query-xdp.ts";

/** The kernel's refusal to attach. */
export interface Refusal {
  readonly errno: number;
  readonly words?: string | undefined;
}

const MODE_WORDS: Readonly<Record<XdpMode | "auto", string>> = {
  auto: "native XDP (drv)",
  drv: "native XDP (drv)",
  skb: "generic XDP (skb)",
  hw: "XDP offload (hw)",
};

/** The error for an attachment that the kernel refused. */
export function attachError(
  { errno, words }: Refusal,
  target: NetworkInterface,
  mode: XdpMode | "auto",
  by: "link" | "netlink",
  cause?: KernelError,
): KernelError {
  const attempted = by === "link" ? "BPF_LINK_CREATE" : "RTM_SETLINK";
  return systemError(attempted, `interface "${target.name}" (${MODE_WORDS[mode]})`, errno, {
    ...(words !== undefined && { words }),
    advice: [...present(errno, target), ...driver(errno, target, mode)],
    ...(cause !== undefined && { cause }),
  });
}

/** Who is there already. */
function present(errno: number, target: NetworkInterface): string[] {
  if (errno !== ERRNO.EBUSY && errno !== ERRNO.EEXIST) return [];
  const programs = queryXdp(target.index).map(
    ({ mode, programId, programName }) => `"${programName ?? "?"}" (id ${programId}, mode ${mode})`,
  );
  if (programs.length === 0) return ["Another XDP program was there at that moment, and has gone: try again."];
  return [
    `Another XDP program is attached there: ${programs.join(", ")}. It was left as it is.`,
    "If it is not needed: end the process that attached it, or remove the link that is pinned for it;",
    `one that \`ip link\` or a netlink call attached goes with: ip link set dev ${target.name} xdp off`,
  ];
}

/** What a driver or a mode cannot do. */
function driver(errno: number, target: NetworkInterface, mode: XdpMode | "auto"): string[] {
  const driverName = target.kind === undefined ? "The interface's driver" : `The ${target.kind} driver`;
  if (mode === "hw" && (errno === ERRNO.EINVAL || errno === ERRNO.EOPNOTSUPP)) {
    return ["Offload needs a network card that runs XDP programs, and a program loaded for it.", "Use --mode auto."];
  }
  if (mode === "skb") return [];
  if (errno === ERRNO.EOPNOTSUPP) return [`${driverName} has no native XDP. Use --mode skb, or auto.`];
  if (errno === ERRNO.EINVAL)
    return [`${driverName} refuses with the interface's present settings (MTU ${target.mtu}).`];
  return [];
}

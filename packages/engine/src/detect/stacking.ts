import { shellWord } from "@weir/kernel";
import type { Change } from "./detection.ts";

/** An interface above or below another one. */
export interface StackedInterface {
  readonly name: string;
  /** As the kernel calls it. */
  readonly kind: string | undefined;
  /** Whether an XDP program is attached to it. */
  readonly occupied: boolean;
}

/** How an interface stands to others of its network namespace. */
export interface Stacking {
  /** The bond, bridge or the like that it is a port of. */
  readonly master: StackedInterface | undefined;
  /** What stands on it: VLANs, macvlans; and its master. */
  readonly uppers: readonly StackedInterface[];
  /** Its ports, where it is a bond, bridge or the like. */
  readonly ports: readonly StackedInterface[];
}

/** What a bond's native XDP hangs on. */
export const BOND_TERMS =
  "a bond runs programs in modes balance-rr, active-backup, balance-xor and 802.3ad, while the drivers of all its ports do";

/** Where to attach rather, or what has to go first. */
export function placeAdvice(
  name: string,
  kind: string,
  { master, uppers, ports }: Stacking,
): Omit<Change, "interrupts">[] {
  const blocking = uppers.filter(({ occupied }) => occupied);
  const blockingPorts = kind === "bond" ? ports.filter(({ occupied }) => occupied) : [];
  return [
    ...blocking.map((upper) => ({
      why: `${upper.name}, which is above it, has a program, and the kernel takes none below: attach there, or take it off`,
      commands: [`weir detect ${shellWord(upper.name)}`],
      needed: true,
    })),
    ...blockingPorts.map((port) => ({
      why: `its port ${port.name} has a program of its own, for which the kernel takes none on the bond: take it off`,
      commands: [`weir detect ${shellWord(port.name)}`],
      needed: true,
    })),
    ...(master === undefined || master.occupied ? [] : [portAdvice(master)]),
    ...masterAdvice(name, kind, ports),
  ];
}

/** A port has only a part of the packets, and sees them before its master. */
function portAdvice({ name, kind }: StackedInterface): Omit<Change, "interrupts"> {
  if (kind === "bond") {
    return {
      why: `it is a port of the bond ${name}: a program on ${name} runs in the drivers of all its ports, those that come later too; one here sees this port's packets alone`,
      commands: [`weir detect ${shellWord(name)}`],
      needed: false,
    };
  }
  const elsewhere: Readonly<Record<string, string>> = {
    bridge: `${name} itself sees but what is for this machine`,
    team: `${name} itself has no native XDP, and sees those of all ports`,
  };
  const there = elsewhere[kind ?? ""] ?? `${name} itself sees what its ports leave to it`;
  return {
    why: `it is a port of ${name} (${kind ?? "of a kind that is not told"}): a program here sees this port's packets, before ${name} does; ${there}`,
    commands: [],
    needed: false,
  };
}

function masterAdvice(name: string, kind: string, ports: readonly StackedInterface[]): Omit<Change, "interrupts">[] {
  if (ports.length === 0 || (kind !== "bridge" && kind !== "team")) return [];
  const why =
    kind === "bridge"
      ? `packets that ${name} forwards between its ports pass by it: attach to the ports to see all`
      : `${name} has no native XDP: attach to its ports to have it in their drivers`;
  return [{ why, commands: [`weir watch ${ports.map((port) => shellWord(port.name)).join(" ")}`], needed: false }];
}

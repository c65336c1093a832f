import type { NetworkInterface } from "@weir/kernel";
import type { InterfaceChange } from "../../interface-change.ts";
import type { WatchedInterface } from "../../monitor.ts";

/** Which change it is, and the sentence that tells it. */
export const change = {
  attached({ name, mode, fallback }: WatchedInterface, isBack: boolean): InterfaceChange {
    const reason = fallback === undefined ? "" : ` (mode drv is not possible: ${fallback.answer})`;
    const text = isBack
      ? `${name} is back and watched in mode ${mode}; its counters begin anew`
      : `${name} is watched in mode ${mode}`;
    return { kind: "attached", interface: name, text: `${text}${reason}` };
  },

  removed(name: string, wanted: string | undefined): InterfaceChange {
    const called = wanted === name ? "it" : wanted;
    const then = wanted === undefined ? "" : `; ${called} is watched again when it is back`;
    return { kind: "removed", interface: name, text: `${name} was removed${then}` };
  },

  takenOff(name: string): InterfaceChange {
    return {
      kind: "taken-off",
      interface: name,
      text: `the monitor was taken off ${name}, which is not watched any more`,
    };
  },

  refused(name: string, reason: string): InterfaceChange {
    const text = `${name} cannot be watched, which is tried again when it changes: ${reason}`;
    return { kind: "refused", interface: name, text };
  },

  overrun(): InterfaceChange {
    const text = "more interfaces changed at once than the kernel could tell; all were looked at anew";
    return { kind: "overrun", interface: "", text };
  },

  /** What is different from before. */
  differences(before: NetworkInterface, now: NetworkInterface): InterfaceChange[] {
    const { name } = now;
    return [
      ...(before.name === name
        ? []
        : [{ kind: "renamed", interface: name, text: `${before.name} is called ${name} now` } as const]),
      ...(before.up === now.up
        ? []
        : [{ kind: now.up ? "up" : "down", interface: name, text: `${name} is ${now.up ? "up" : "down"}` } as const]),
      ...(before.mtu === now.mtu
        ? []
        : [{ kind: "mtu", interface: name, text: `${name} has an MTU of ${now.mtu} now` } as const]),
    ];
  },
};

/** What happened to an interface that is followed, or was found. */
export interface InterfaceChange {
  /**
   * `attached`: it is back, or new, and is watched. `removed`: it is gone from this network namespace. `taken-off`: it is there, but
   * somebody took the program off. `refused`: it cannot be watched. `renamed`, `up`, `down` and `mtu`: it is watched on.
   * `overrun`: so much happened that the kernel left some of it out, and all interfaces were looked at anew.
   */
  readonly kind: "attached" | "removed" | "taken-off" | "refused" | "renamed" | "up" | "down" | "mtu" | "overrun";
  /** What it is called now; empty with `overrun`. */
  readonly interface: string;
  /** A sentence for people. */
  readonly text: string;
}

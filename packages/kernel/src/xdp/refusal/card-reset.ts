import type { NetworkInterface } from "../../netlink/network-interface.ts";

/** What is to be said beside a command for which drivers set their card up anew; virtual interfaces do not mind. */
export function cardReset({ parent, name }: NetworkInterface): string[] {
  if (parent === undefined) return [];
  return [`The driver may reset the card for it, which can end a remote session over ${name}.`];
}

import { existsSync } from "node:fs";
import { ip } from "./ip.ts";

const PREFIX = "weir-demo-";

/** Addresses of the two ends: those that are reserved for documentation. */
export const ADDRESSES = {
  server: { ipv4: "192.0.2.1", ipv6: "2001:db8::1" },
  client: { ipv4: "192.0.2.2", ipv6: "2001:db8::2" },
} as const;

/** One of the two ends. */
export type Role = keyof typeof ADDRESSES;

/** The interface's name, in both namespaces. */
export const INTERFACE = "weir0";

/** Two network namespaces joined by a virtual cable; they and all in them are gone when it is disposed of. */
export class Stage implements AsyncDisposable {
  readonly namespaces: Readonly<Record<Role, string>> = {
    server: `${PREFIX}${process.pid}-server`,
    client: `${PREFIX}${process.pid}-client`,
  };

  static async create(): Promise<Stage> {
    await removeLeftovers();
    const stage = new Stage();
    try {
      await stage.#build();
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #build(): Promise<void> {
    const { server, client } = this.namespaces;
    await ip("netns", "add", server);
    await ip("netns", "add", client);
    await ip("-n", server, "link", "add", INTERFACE, "type", "veth", "peer", "name", INTERFACE, "netns", client);
    for (const role of ["server", "client"] as const) {
      const namespace = this.namespaces[role];
      await ip("-n", namespace, "address", "add", `${ADDRESSES[role].ipv4}/24`, "dev", INTERFACE);
      // Without duplicate address detection the address is usable at once.
      await ip("-n", namespace, "address", "add", `${ADDRESSES[role].ipv6}/64`, "dev", INTERFACE, "nodad");
      await ip("-n", namespace, "link", "set", INTERFACE, "up");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const namespace of Object.values(this.namespaces)) await ip("netns", "delete", namespace).catch(() => {});
  }
}

/** Removes what a demo left that was killed before it could. */
async function removeLeftovers(): Promise<void> {
  const names = (await ip("netns", "list")).split("\n").map((line) => line.split(" ")[0] ?? "");
  for (const name of names) {
    const owner = /^weir-demo-(\d+)-(server|client)$/.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) await ip("netns", "delete", name).catch(() => {});
  }
}

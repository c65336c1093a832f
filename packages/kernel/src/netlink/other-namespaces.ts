import { readdirSync } from "node:fs";
import { hasCode } from "../errors/has-code.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { inNetworkNamespace } from "../system/network-namespace.ts";

/** Where `ip netns` keeps the namespaces that it knows by name. */
const NAMED = "/run/netns";

/** The named network namespaces for which something holds, as far as this process may enter them. */
export function namespacesWhere(holds: () => boolean): string[] {
  return namedNamespaces().filter((name) => {
    try {
      return inNetworkNamespace(`${NAMED}/${name}`, holds);
    } catch (error) {
      // Gone meanwhile, or entering it takes CAP_SYS_ADMIN.
      if (error instanceof KernelError) return false;
      throw error;
    }
  });
}

function namedNamespaces(): string[] {
  try {
    return readdirSync(NAMED);
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return [];
    throw error;
  }
}

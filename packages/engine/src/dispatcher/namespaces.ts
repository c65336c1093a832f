import { readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { inNetworkNamespace } from "@weir/kernel";

/** The thread's, which may be in another namespace than the process was started in. */
const OWN = "/proc/thread-self/ns/net";

/** The number of the network namespace that this thread is in. */
export const currentNamespace = (): number => statSync(OWN).ino;

/**
 * Runs a function in the network namespace with this number (that of its file), which may be this process's; undefined when it has gone.
 */
export function inNamespace<Result>(namespace: number, act: () => Result): Result | undefined {
  if (currentNamespace() === namespace) return act();
  const path = namespacePath(namespace);
  return path === undefined ? undefined : inNetworkNamespace(path, act);
}

/** A path by which a network namespace can be entered; undefined when nobody is in it and it has no name: then its interfaces have gone. */
function namespacePath(namespace: number): string | undefined {
  for (const path of [...entries("/run/netns"), ...entries("/proc").map((process) => join(process, "ns/net"))]) {
    if (inodeOf(path) === namespace) return path;
  }
  return undefined;
}

function entries(folder: string): string[] {
  try {
    const names = readdirSync(folder);
    return (folder === "/proc" ? names.filter((name) => /^\d+$/.test(name)) : names).map((name) => join(folder, name));
  } catch {
    // There may be no namespaces with names.
    return [];
  }
}

function inodeOf(path: string): number | undefined {
  try {
    const link = path.startsWith("/proc/") ? /\[(\d+)\]/.exec(readlinkSync(path))?.[1] : undefined;
    return link === undefined ? statSync(path).ino : Number(link);
  } catch {
    // A process that has ended meanwhile, or that this one may not look at.
    return undefined;
  }
}

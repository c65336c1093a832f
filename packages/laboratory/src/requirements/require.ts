import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { DEBIAN_PACKAGES, type Tool } from "./debian-packages.ts";
import { type Lack, recordLeftOut } from "./left-out.ts";

/**
 * Says why tests that need these tools must be left out on this machine, or `undefined` when all are there.
 * What is left out is printed at the end of the run with the package that brings it; with `CI=true` the run then fails.
 *
 * @example
 * ```ts
 * import { requireTool } from "@weir/laboratory";
 * import { test } from "vitest";
 *
 * test.skipIf(requireTool("tshark"))("agrees with tshark", () => {});
 * ```
 */
export function requireTool(...tools: readonly Tool[]): string | undefined {
  return leaveOut(lackOfTools(tools));
}

/** Those of the tools that this machine lacks, or `undefined` when all are there. */
export function lackOfTools(tools: readonly Tool[]): Lack | undefined {
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((tool) => DEBIAN_PACKAGES[tool]))];
  return { reason: `${missing.join(" and ")} is not installed`, remedy: `apt install ${packages.join(" ")}` };
}

/** Says why tests that need root must be left out, or `undefined` when the process is root. */
export function requireRoot(): string | undefined {
  return leaveOut(lackOfRoot());
}

/** That the process is not root, or `undefined` when it is. */
export function lackOfRoot(): Lack | undefined {
  return process.getuid?.() === 0 ? undefined : { reason: "not root", remedy: "run as root" };
}

/** Says why tests that need a file or folder must be left out, or `undefined` when it is there. */
export function requirePath(path: string, remedy: string): string | undefined {
  return leaveOut(existsSync(path) ? undefined : { reason: `${path} is not there`, remedy });
}

/** Whether a command of this name can be run. The places that only root has in its PATH are searched too. */
function isInstalled(tool: Tool): boolean {
  const places = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  return places.some((place) => {
    try {
      accessSync(join(place, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function leaveOut(lack: Lack | undefined): string | undefined {
  if (lack === undefined) return undefined;
  recordLeftOut(lack);
  return `${lack.reason} (${lack.remedy})`;
}

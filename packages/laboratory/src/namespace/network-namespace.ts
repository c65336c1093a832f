import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { type CommandOptions, type CommandResult, runCommand, tryCommand } from "./command.ts";
import { removeAtExit } from "./removal.ts";

const DIRECTORY = "/run/netns";
const PREFIX = "weir-test-";
let created = 0;

/** How IPv6 behaves on the interfaces of a namespace. */
export interface NamespaceOptions {
  /**
   * `"auto"`: as the kernel does it (link-local addresses, router solicitations, duplicate address detection).
   * `"static"` (default): addresses that are set, usable at once, and none of that traffic.
   * `"off"`: no IPv6 at all, so an idle interface sends nothing.
   */
  readonly ipv6?: "auto" | "static" | "off";
}

/**
 * A network of its own, gone with the scope that made it, and also when the process fails or is interrupted.
 *
 * @example
 * ```ts
 * using left = NetworkNamespace.create();
 * using right = NetworkNamespace.create();
 * vethPair(left, right);
 * left.run("ip", ["address", "show"]);
 * ```
 */
export class NetworkNamespace implements Disposable {
  readonly name: string;
  readonly #removal: { takeBack(): void };
  readonly #children = new Set<ChildProcess>();
  #removed = false;

  private constructor(name: string) {
    this.name = name;
    this.#removal = removeAtExit(() => this[Symbol.dispose]());
  }

  static create(options: NamespaceOptions = {}): NetworkNamespace {
    if (created === 0) removeLeftovers();
    const name = `${PREFIX}${process.pid}-${++created}`;
    runCommand("ip", ["netns", "add", name]);
    const namespace = new NetworkNamespace(name);
    namespace.run("ip", ["link", "set", "lo", "up"]);
    namespace.#setIpv6(options.ipv6 ?? "static");
    return namespace;
  }

  /** The file that names the namespace, as setns(2) and nsenter want it. */
  get path(): string {
    return `${DIRECTORY}/${this.name}`;
  }

  /** Runs a command inside that has to succeed; gives back what it printed. */
  run(command: string, words: readonly string[] = [], options: CommandOptions = {}): string {
    return runCommand("nsenter", this.#enter(command, words), options);
  }

  /** Runs a command inside; gives back how it ended. */
  try(command: string, words: readonly string[] = [], options: CommandOptions = {}): CommandResult {
    return tryCommand("nsenter", this.#enter(command, words), options);
  }

  /** Starts a command inside. What still runs when the namespace goes is killed. */
  spawn(command: string, words: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    const child = spawn("nsenter", this.#enter(command, words), options);
    this.#children.add(child);
    return child.once("exit", () => this.#children.delete(child));
  }

  /** Sets a kernel parameter of this network, for example `net.ipv4.ip_forward`. */
  sysctl(name: string, value: number | string): void {
    this.run("sh", ["-c", 'echo "$1" > "/proc/sys/$2"', "sh", String(value), name.replaceAll(".", "/")]);
  }

  [Symbol.dispose](): void {
    if (this.#removed) return;
    this.#removed = true;
    this.#removal.takeBack();
    // One that has not entered yet is not among the processes of the namespace.
    for (const child of this.#children) child.kill("SIGKILL");
    removeNamespace(this.name);
  }

  // Not `ip netns exec`: that also replaces /sys, and pinned programs in /sys/fs/bpf would be out of sight.
  #enter(command: string, words: readonly string[]): string[] {
    return [`--net=${this.path}`, "--", command, ...words];
  }

  #setIpv6(behaviour: "auto" | "static" | "off"): void {
    if (behaviour === "auto" || !existsSync("/proc/sys/net/ipv6")) return;
    const settings =
      behaviour === "off"
        ? { disable_ipv6: 1 }
        : { accept_dad: 0, dad_transmits: 0, autoconf: 0, accept_ra: 0, router_solicitations: 0, addr_gen_mode: 1 };
    const lines = Object.entries(settings).map(
      ([key, value]) => `echo ${value} > /proc/sys/net/ipv6/conf/default/${key}`,
    );
    this.run("sh", ["-ec", lines.join("\n")]);
  }
}

/** Removes what test runs left that were killed before they could remove it. */
function removeLeftovers(): void {
  if (!existsSync(DIRECTORY)) return;
  for (const name of readdirSync(DIRECTORY)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner && !existsSync(`/proc/${owner}`)) removeNamespace(name);
  }
}

function removeNamespace(name: string): void {
  for (const pid of tryCommand("ip", ["netns", "pids", name]).stdout.split("\n").filter(Boolean)) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
  }
  tryCommand("ip", ["netns", "delete", name]);
}

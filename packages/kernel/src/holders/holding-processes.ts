import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hasCode } from "../errors/has-code.ts";
import type { Held, HoldingProcess } from "./holder.ts";

/** What the processes of this system hold, as far as this one may look. */
export interface ProcessSearch {
  readonly processes: readonly HoldingProcess[];
  /** How many processes it may not look at. */
  readonly unseen: number;
}

/** What the kernel calls the files behind descriptors of programs and links. */
const BPF_FILE = /^anon_inode:\[?bpf[-_](?:prog|link)\]?$/;

/** All descriptors of programs and links in all processes that can be seen from here. */
export function searchProcesses(): ProcessSearch {
  const processes: HoldingProcess[] = [];
  let unseen = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const found = heldBy(pid);
    if (found === "denied") unseen += 1;
    else if (found.length > 0) {
      const command = commandOf(pid);
      for (const held of found) processes.push({ by: "process", pid: Number(pid), command, held });
    }
  }
  return { processes, unseen };
}

function heldBy(pid: string): Held[] | "denied" {
  try {
    const held = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => heldThrough(pid, descriptor) ?? []);
    // Several descriptors may be of one thing.
    return [...new Map(held.map((each) => [heldKey(each), each])).values()];
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM")) return "denied";
    if (hasEnded(error)) return [];
    throw error;
  }
}

function heldThrough(pid: string, descriptor: string): Held | undefined {
  try {
    if (!BPF_FILE.test(readlinkSync(`/proc/${pid}/fd/${descriptor}`))) return undefined;
    return parseDescriptorInfo(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, "utf8"));
  } catch (error) {
    // Closed since it was listed.
    if (hasEnded(error)) return undefined;
    throw error;
  }
}

/**
 * What a descriptor is of, by the kernel's text about it (`kernel/bpf/syscall.c`, `bpf_prog_show_fdinfo` and
 * `bpf_link_show_fdinfo`); undefined for what is neither, and for a link without a program.
 */
export function parseDescriptorInfo(text: string): Held | undefined {
  const number = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s*(\\d+)$`, "m").exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [programId, linkId] = [number("prog_id"), number("link_id")];
  if (programId === undefined) return undefined;
  return linkId === undefined ? { kind: "program", programId } : { kind: "link", linkId, programId };
}

const heldKey = (held: Held): string => (held.kind === "link" ? `link ${held.linkId}` : `program ${held.programId}`);

function commandOf(pid: string): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .replace(/[\0\s]+/g, " ")
      .trim();
    return words || readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch (error) {
    if (hasEnded(error)) return "ended meanwhile";
    throw error;
  }
}

const hasEnded = (error: unknown): boolean => hasCode(error, "ENOENT", "ESRCH");

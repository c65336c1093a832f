import { readFileSync } from "node:fs";
import { CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON, CAP_SYS_ADMIN } from "../uapi/macros.ts";

/**
 * What weir needs: the right to load programs, to reckon with pointers in them (the length of a packet is the difference of
 * two), and to attach them to interfaces.
 */
export type Capability = "CAP_BPF" | "CAP_PERFMON" | "CAP_NET_ADMIN";

/** Bits that grant a capability: root's old CAP_SYS_ADMIN covers all. */
const GRANTED_BY: Readonly<Record<Capability, readonly number[]>> = {
  CAP_BPF: [CAP_BPF, CAP_SYS_ADMIN],
  CAP_PERFMON: [CAP_PERFMON, CAP_SYS_ADMIN],
  CAP_NET_ADMIN: [CAP_NET_ADMIN, CAP_SYS_ADMIN],
};

/** The capabilities that this process lacks, of those that weir needs. */
export function missingCapabilities(status = readFileSync("/proc/self/status", "utf8")): Capability[] {
  const digits = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  const effective = BigInt(`0x${digits}`);
  // Object.entries forgets that the keys are capabilities.
  const wanted = Object.entries(GRANTED_BY) as [Capability, readonly number[]][];
  return wanted.filter(([, bits]) => !bits.some((bit) => (effective >> BigInt(bit)) & 1n)).map(([name]) => name);
}

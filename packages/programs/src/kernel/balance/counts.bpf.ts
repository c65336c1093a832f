import type { u32 } from "@weir/bytecode/layout";
import { BACKEND_STATS, SERVICE_STATS } from "./maps.bpf.ts";

export function countDelivered(backend: u32, length: u32): void {
  const stats = BACKEND_STATS.lookup(backend);
  if (stats === null) return;
  stats.packets += 1;
  stats.bytes += length;
}

export function countExpired(service: u32): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats !== null) stats.ttl_expired += 1;
}

export function countNoBackend(service: u32): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats !== null) stats.no_backend += 1;
}

export function countNoNextHop(service: u32): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats !== null) stats.no_next_hop += 1;
}

export function countTooBig(service: u32, said: boolean): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats === null) return;
  if (said) stats.too_big += 1;
  else stats.too_big_unsaid += 1;
}

export function countIcmpError(service: u32): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats !== null) stats.icmp_errors += 1;
}

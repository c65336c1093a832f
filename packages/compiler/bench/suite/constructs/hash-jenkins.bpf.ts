// Jenkins' hash of three words, as the kernel has it.
import type { u32 } from "@weir/bytecode/layout";
import { ntohl, XDP_ABORTED, xdp } from "@weir/compiler/language";
import { Ipv4, Words } from "../headers.ts";

const START = 0xdead_beef;

function rotate(value: u32, by: u32): u32 {
  return (value << by) | (value >> (32 - by));
}

function hash(first: u32, second: u32, third: u32, seed: u32): u32 {
  let a = first + seed;
  let b = second + seed;
  let c = third + seed;
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  return (c ^ b) - rotate(b, 24);
}

export const program = xdp((packet) => {
  const words = packet.at(Words, 0);
  const ip = packet.at(Ipv4, 14);
  if (words === null || ip === null) return XDP_ABORTED;
  const flow = hash(ntohl(ip.source), ntohl(ip.destination), ip.protocol, START);
  return hash(flow, words.words[9], words.words[10], START + 12);
});

import type { Refusal } from "../refusal.ts";

/** Timers in the values of maps. */
export const timerRefusals: readonly Refusal[] = [
  {
    kind: "timer",
    pattern: /bpf_timer cannot be accessed directly/,
    explain: () => ({
      meaning: ["The timer's own bytes must not be read or written."],
      fix: "Leave the timer's field alone when the record is copied or filled.",
    }),
  },
  {
    kind: "timer",
    pattern: /timer pointer in R1 map_uid=\d+ doesn't match map pointer in R2/,
    explain: () => ({
      meaning: ["The timer lies in a value of another map than the one that it is made ready for."],
      fix: "Give bpf_timer_init the map that the value was looked up in.",
    }),
  },
  {
    kind: "timer",
    pattern: /off (-?\d+) doesn't point to 'struct bpf_timer' that is at (\d+)/,
    explain: ([, offset = "", place = ""]) => ({
      meaning: [`The address is ${offset} bytes into the value; its timer is ${place} bytes into it.`],
      fix: "Give the address of the field that is the timer.",
    }),
  },
  {
    kind: "timer",
    pattern: /map '(\w+)' has no valid bpf_timer|map '(\w+)' is not a struct type or bpf_timer is mangled/,
    explain: ([, name, other]) => ({
      meaning: [`The values of map ${name ?? other} have no timer.`],
      fix: "Declare a timer as a field of the map's record.",
    }),
  },
  {
    kind: "timer",
    pattern: /tracing progs? cannot use bpf_timer/,
    explain: (_, { program }) => ({
      meaning: [`Programs of type ${program.type} cannot use maps with timers.`],
      fix: "Use a map without timers, or a program with the types of its tracepoint (tpBtf).",
    }),
  },
];

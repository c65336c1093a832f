import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { attachXdp, findInterface, KernelError, loadObject, queryXdp, type XdpMode } from "@weir/kernel";
import { runCommand } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const BUS = "/sys/bus/netdevsim";
const DEVICE = 4712;
const PORT = `/sys/kernel/debug/netdevsim/netdevsim${DEVICE}/ports/0`;
let name: string;

beforeAll(async () => {
  writeFileSync(`${BUS}/new_device`, `${DEVICE} 1`);
  name = readdirSync(`${BUS}/devices/netdevsim${DEVICE}/net`)[0] ?? "";
  while (!existsSync(PORT)) await setTimeout(10);
});

afterAll(() => writeFileSync(`${BUS}/del_device`, `${DEVICE}`));

const object = (where: "card" | "kernel") =>
  loadObject(
    objectSpec([verdictProgram("pass", VERDICT.pass)]),
    where === "card" ? { offloadTo: findInterface(name).index } : {},
  );

/** The error of an attachment that is refused. */
function refusal(mode: XdpMode, by: "link" | "netlink", where: "card" | "kernel"): KernelError {
  using loaded = object(where);
  try {
    attachXdp({ interface: name, program: programOf(loaded, "pass"), mode, by })[Symbol.dispose]();
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Sets a switch of the driver for one scope. */
function refusing(file: string): Disposable {
  writeFileSync(`${PORT}/${file}`, "N");
  return { [Symbol.dispose]: () => writeFileSync(`${PORT}/${file}`, "Y") };
}

/** The driver's own words come with netlink alone, and the message has them also where a link was asked for. */
describe.each(["link", "netlink"] as const)("a driver's refusal of an attachment by %s", (by) => {
  test("in hw mode is in its words", () => {
    using _ = refusing("bpf_xdpoffload_accept");
    expect(refusal("hw", by, "card").answer).toMatch(/^EOPNOTSUPP: .*XDP offload disabled in DebugFS/);
    expect(queryXdp(name)).toEqual([]);
  });

  test("in drv mode is in its words, and auto falls back", () => {
    using _ = refusing("bpf_xdpdrv_accept");
    expect(refusal("drv", by, "kernel").answer).toMatch(/^EOPNOTSUPP: .*driver XDP disabled in DebugFS/);
    using loaded = object("kernel");
    using fallback = attachXdp({ interface: name, program: programOf(loaded, "pass"), by });
    expect(fallback).toMatchObject({
      mode: "skb",
      fallback: { answer: expect.stringContaining("disabled in DebugFS") },
    });
  });

  test("for its MTU is in its words", () => {
    runCommand("ip", ["link", "set", "dev", name, "mtu", "9000"]);
    try {
      expect(refusal("drv", by, "kernel").answer).toMatch(/^EINVAL: .*MTU too large w\/ XDP enabled/);
    } finally {
      runCommand("ip", ["link", "set", "dev", name, "mtu", "1500"]);
    }
  });

  test("is for a program of the card in the kernel, and the reverse", () => {
    expect(refusal("drv", by, "card").answer).toMatch(/^EINVAL/);
    expect(refusal("hw", by, "kernel").answer).toMatch(/^EINVAL/);
  });
});

test("a driver that takes no maps refuses the object that has one", () => {
  using _ = refusing("bpf_map_accept");
  const map = {
    name: "numbers",
    type: "array",
    keySize: 4,
    valueSize: 8,
    maxEntries: 1,
    flags: 0,
    keyType: 0,
    valueType: 0,
  } as const;
  const load = () => loadObject(objectSpec([], [map]), { offloadTo: findInterface(name).index })[Symbol.dispose]();
  expect(load).toThrow(
    expect.objectContaining({ attempted: "BPF_MAP_CREATE", answer: expect.stringMatching(/^EOPNOTSUPP/) }),
  );
});

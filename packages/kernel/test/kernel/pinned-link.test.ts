import { existsSync, rmSync } from "node:fs";
import { attachXdp, inNetworkNamespace, loadObject, queryXdp, XdpLink } from "@weir/kernel";
import { NetworkNamespace } from "@weir/laboratory";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { BpfMount } from "../fixtures/bpf-mount.ts";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const spec = objectSpec([verdictProgram("pass", VERDICT.pass)]);
let namespace: NetworkNamespace;
let mount: BpfMount;

beforeAll(() => {
  namespace = NetworkNamespace.create();
  mount = new BpfMount();
});

afterAll(() => {
  namespace[Symbol.dispose]();
  mount[Symbol.dispose]();
});

const inside = <Result>(act: () => Result): Result => inNetworkNamespace(namespace.path, act);

/** Attaches to `lo`, pins, and closes every descriptor, as a process does that ends. Gives the program's id. */
function attachPinned(path: string): number {
  using object = loadObject(spec);
  using link = attachXdp({ interface: "lo", program: programOf(object, "pass"), mode: "skb" });
  link.pin(path);
  return link.programId;
}

/** The kernel lets go of a link some milliseconds after its last pin. */
async function noProgramOnLoopback(): Promise<void> {
  await vi.waitFor(() => expect(inside(() => queryXdp("lo"))).toEqual([]), { timeout: 5000, interval: 10 });
}

test("a pinned link stays, and goes with its pin", async () => {
  const path = mount.file("stays");
  const programId = inside(() => attachPinned(path));
  expect(inside(() => queryXdp("lo"))).toMatchObject([{ mode: "skb", programId }]);
  rmSync(path);
  await noProgramOnLoopback();
});

test("a pinned link opens again, with its mode, and detaches", () => {
  inside(() => {
    const path = mount.file("opens");
    const programId = attachPinned(path);
    using link = XdpLink.open(path);
    expect(link).toMatchObject({ mode: "skb", by: "link", interfaceName: "lo", programId, attached: true });
    link.detach();
    expect(queryXdp("lo")).toEqual([]);
    expect(existsSync(path)).toBe(true);
    rmSync(path);
  });
});

test("a pinned link's program is replaced in place", async () => {
  const path = mount.file("replaced");
  inside(() => {
    attachPinned(path);
    using object = loadObject(objectSpec([verdictProgram("newer", VERDICT.pass)]));
    {
      using link = XdpLink.open(path);
      link.replace(programOf(object, "newer"));
    }
    expect(queryXdp("lo")).toMatchObject([{ programName: "newer" }]);
  });
  rmSync(path);
  await noProgramOnLoopback();
});

test("a pin whose interface has gone says so", () => {
  inside(() => {
    namespace.run("ip", ["link", "add", "short", "type", "veth", "peer", "name", "short-peer"]);
    using object = loadObject(spec);
    using link = attachXdp({ interface: "short", program: programOf(object, "pass") });
    link.pin(mount.file("gone"));
    namespace.run("ip", ["link", "delete", "short"]);
    expect(link.attached).toBe(false);
    expect(() => XdpLink.open(mount.file("gone"))).toThrow(expect.objectContaining({ code: "WEIR_NO_INTERFACE" }));
  });
});

test("nothing pinned there is a not-found", () => {
  expect(() => XdpLink.open(mount.file("nothing"))).toThrow("Nothing is pinned at this path");
});

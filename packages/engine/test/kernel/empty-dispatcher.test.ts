/** What can be told of dispatchers where the kernel lets them call nothing. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { attachXdp, findInterface, loadObject, NetlinkAttachment, queryXdp } from "@weir/kernel";
import { NetworkNamespace, requireRoot, requireTool } from "@weir/laboratory";
import { monitorObject } from "@weir/programs";
import { describe, expect, test } from "vitest";
import { changeDispatcher } from "../../src/dispatcher/change.ts";
import { leaveDispatcher } from "../../src/dispatcher/leave.ts";
import { DispatcherPins } from "../../src/dispatcher/pins.ts";
import { ownProgram } from "../../src/own-program.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const MONITOR = "xdp_packet_monitor";

/** Puts a dispatcher on the interface that calls no programs. */
function withDispatcher({ inside, name }: WatchedVeth): { readonly index: number; readonly pins: DispatcherPins } {
  return inside(() => {
    const { index } = findInterface(name);
    changeDispatcher(index, "auto", ({ kind }) => (kind === "none" ? [] : undefined));
    const [program] = queryXdp(index);
    return { index, pins: new DispatcherPins(index, program?.programId ?? 0) };
  });
}

describe.skipIf(requireRoot() ?? requireTool("ip"))("a change of a dispatcher", () => {
  test("to no program takes it off, and its pins away", () => {
    using veth = watchedVeth();
    const { index, pins } = withDispatcher(veth);
    expect(veth.inside(() => queryXdp(index))).toMatchObject([{ programName: "xdp_dispatcher", mode: "drv" }]);
    expect(existsSync(pins.directory)).toBe(true);
    veth.inside(() => changeDispatcher(index, "auto", () => []));
    expect(veth.inside(() => queryXdp(index))).toEqual([]);
    expect(existsSync(pins.directory)).toBe(false);
  });

  test("to no program starts over when somebody has exchanged the dispatcher meanwhile", () => {
    using veth = watchedVeth();
    const { index } = withDispatcher(veth);
    using object = loadObject(monitorObject());
    const other = ownProgram(object, MONITOR);
    const met: string[] = [];
    veth.inside(() =>
      changeDispatcher(index, "auto", (present, target) => {
        met.push(present.kind);
        if (present.kind !== "dispatcher") return undefined;
        using attachment = NetlinkAttachment.open(present.program, target);
        attachment?.replace(other);
        return [];
      }),
    );
    expect(met).toEqual(["dispatcher", "program"]);
    expect(veth.inside(() => queryXdp(index))).toMatchObject([{ programId: other.id }]);
  });

  test("to no program is done when the interface goes meanwhile", () => {
    using veth = watchedVeth();
    const { index, pins } = withDispatcher(veth);
    veth.inside(() =>
      changeDispatcher(index, "auto", () => {
        veth.receiver.run("ip", ["link", "delete", veth.name]);
        return [];
      }),
    );
    expect(pins.isDead).toBe(true);
  });
});

test.skipIf(requireRoot() ?? requireTool("ip"))(
  "a program leaves a dispatcher that is on no interface here, and what keeps the others in their places stays",
  async () => {
    using veth = watchedVeth();
    using elsewhere = NetworkNamespace.create({ ipv6: "off" });
    const { index, pins } = withDispatcher(veth);
    const places = ["own0", "other0"];
    const ids = places.map((name, place) => {
      using object = loadObject(monitorObject());
      const program = ownProgram(object, MONITOR);
      veth.receiver.run("ip", ["link", "add", name, "type", "bridge"]);
      // The links that programs in a dispatcher have are of another kind; what a pin keeps is the same.
      using link = veth.inside(() => attachXdp({ interface: name, program }));
      program.pin(join(pins.directory, `prog${place}-prog`));
      link.pin(join(pins.directory, `prog${place}-link`));
      return program.id;
    });
    veth.receiver.run("ip", ["link", "set", veth.name, "netns", elsewhere.name]);
    veth.inside(() => leaveDispatcher(ids[0] ?? 0, index));
    expect(readdirSync(pins.directory).sort()).toEqual(["prog1-link", "prog1-prog"]);
    await expect.poll(() => veth.inside(() => queryXdp("own0"))).toEqual([]);
    expect(veth.inside(() => queryXdp("other0"))).toMatchObject([{ programId: ids[1] }]);
    expect(elsewhere.run("ip", ["link", "show", veth.name])).toContain("xdp");
    // The last one takes the folder along.
    veth.inside(() => leaveDispatcher(ids[1] ?? 0, index));
    expect(existsSync(pins.directory)).toBe(false);
  },
);

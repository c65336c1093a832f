/** What can be told of exchanging dispatchers where the kernel lets them call nothing. */
import { findInterface, loadObject, NetlinkAttachment, queryXdp } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { monitorObject } from "@weir/programs";
import { describe, expect, test } from "vitest";
import { changeDispatcher } from "../../src/dispatcher/change.ts";
import { DispatcherPins } from "../../src/dispatcher/pins.ts";
import { ownProgram } from "../../src/own-program.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const MONITOR = "xdp_packet_monitor";

/** Puts a dispatcher on the interface that calls no programs, and gives its index. */
function withDispatcher({ inside, name }: WatchedVeth): number {
  return inside(() => {
    const { index } = findInterface(name);
    changeDispatcher(index, "auto", ({ kind }) => (kind === "none" ? [] : undefined));
    return index;
  });
}

describe.skipIf(requireRoot() ?? requireTool("ip"))("a change of a dispatcher", () => {
  test("to no program takes it off, and its pins away", () => {
    using veth = watchedVeth();
    const index = withDispatcher(veth);
    expect(veth.inside(() => queryXdp(index))).toMatchObject([{ programName: "xdp_dispatcher", mode: "drv" }]);
    const pins = DispatcherPins.of(index);
    expect(pins).not.toEqual([]);
    veth.inside(() => changeDispatcher(index, "auto", () => []));
    expect(veth.inside(() => queryXdp(index))).toEqual([]);
    const ids = DispatcherPins.of(index).map(({ dispatcherId }) => dispatcherId);
    expect(ids).not.toContain(pins[0]?.dispatcherId);
  });

  test("to no program starts over when somebody has exchanged the dispatcher meanwhile", () => {
    using veth = watchedVeth();
    const index = withDispatcher(veth);
    using object = loadObject(monitorObject());
    const other = ownProgram(object, MONITOR);
    const met: string[] = [];
    veth.inside(() =>
      changeDispatcher(index, "auto", (present, target) => {
        met.push(present.kind);
        if (present.kind !== "dispatcher") return undefined;
        NetlinkAttachment.open(present.program, target)?.replace(other);
        return [];
      }),
    );
    expect(met).toEqual(["dispatcher", "program"]);
    expect(veth.inside(() => queryXdp(index))).toMatchObject([{ programId: other.id }]);
  });

  test("to no program is done when the interface goes meanwhile", () => {
    using veth = watchedVeth();
    const index = withDispatcher(veth);
    const [pins] = DispatcherPins.of(index);
    veth.inside(() =>
      changeDispatcher(index, "auto", () => {
        veth.receiver.run("ip", ["link", "delete", veth.name]);
        return [];
      }),
    );
    expect(pins?.isDead).toBe(true);
  });
});

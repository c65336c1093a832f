import { attachXdp, ForeignProgram, inNetworkNamespace, type LoadedObject, loadObject, queryXdp } from "@weir/kernel";
import { NetworkNamespace } from "@weir/laboratory";
import { afterAll, beforeAll, expect, test } from "vitest";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

let object: LoadedObject;
let namespace: NetworkNamespace;

beforeAll(() => {
  object = loadObject(objectSpec([verdictProgram("foreign", VERDICT.pass), verdictProgram("own", VERDICT.pass)]));
  namespace = NetworkNamespace.create();
});

afterAll(() => {
  object[Symbol.dispose]();
  namespace[Symbol.dispose]();
});

const inside = <Result>(act: () => Result): Result => inNetworkNamespace(namespace.path, act);

function found(id: number): ForeignProgram {
  const foreign = ForeignProgram.find("lo", id);
  if (foreign === undefined) throw new Error(`program ${id} is not on lo`);
  return foreign;
}

test("one that netlink attached gives its place to another, in its mode", () => {
  inside(() => {
    const own = programOf(object, "own");
    using other = attachXdp({ interface: "lo", program: programOf(object, "foreign"), mode: "skb", by: "netlink" });
    using foreign = found(other.programId);
    {
      using attachment = foreign.replace(own);
      expect(attachment).toMatchObject({ mode: "skb", by: "netlink", programId: own.id });
      expect(queryXdp("lo")).toEqual([{ mode: "skb", programId: own.id, programName: "own" }]);
      expect(() => foreign.takeOff()).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
    }
    expect(queryXdp("lo")).toEqual([]);
    foreign.putBack();
    expect(queryXdp("lo")).toMatchObject([{ programName: "foreign" }]);
  });
});

test("one whose place is taken is not put back, and it is said that it is off", () => {
  inside(() => {
    const own = programOf(object, "own");
    using other = attachXdp({ interface: "lo", program: programOf(object, "foreign"), mode: "skb", by: "netlink" });
    using foreign = found(other.programId);
    foreign.takeOff();
    for (const by of ["link", "netlink"] as const) {
      using _ = attachXdp({ interface: "lo", program: own, mode: "skb", by });
      expect(() => foreign.putBack()).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
      expect(() => foreign.putBack()).toThrow(
        /\n {2}Program "foreign" \(id \d+\) was taken off and could not be put back: another program has taken its place/,
      );
      expect(queryXdp("lo")).toMatchObject([{ programId: own.id }]);
    }
  });
});

test("one that is not there is not found", () => {
  inside(() => {
    const own = programOf(object, "own");
    using _ = attachXdp({ interface: "lo", program: programOf(object, "foreign"), mode: "skb", by: "netlink" });
    expect(ForeignProgram.find("lo", own.id)).toBeUndefined();
  });
});

test("one that a link attached is left alone, and the holder is named", () => {
  inside(() => {
    const own = programOf(object, "own");
    using other = attachXdp({ interface: "lo", program: programOf(object, "foreign"), mode: "skb" });
    using foreign = found(other.programId);
    for (const act of [() => foreign.replace(own), () => foreign.takeOff()]) {
      expect(act).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
      expect(act).toThrow(/belongs to whoever holds it[\s\S]*link \d+, held by process \d+ \(/);
      expect(act).toThrow(`held by process ${process.pid}`);
    }
    expect(other.attached).toBe(true);
  });
});

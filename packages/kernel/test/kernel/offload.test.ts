import { existsSync, readdirSync, writeFileSync } from "node:fs";
import type { MapSpec } from "@weir/bytecode";
import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, attachXdp, findInterface, loadObject, queryXdp } from "@weir/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mapSpec, objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const BUS = "/sys/bus/netdevsim";
const DEVICE = 4711;

/**
 * Offload needs a network card, or the kernel's simulated one. Whoever wants these tests loads the module first
 * (`modprobe netdevsim`); distributions seldom have it, so its absence is nothing to complain of.
 */
if (existsSync(BUS))
  describe("on a simulated network card", () => {
    let name: string;

    beforeAll(() => {
      writeFileSync(`${BUS}/new_device`, `${DEVICE} 1`);
      name = readdirSync(`${BUS}/devices/netdevsim${DEVICE}/net`)[0] ?? "";
    });

    afterAll(() => writeFileSync(`${BUS}/del_device`, `${DEVICE}`));

    const offloaded = (maps: readonly MapSpec[] = []) =>
      loadObject(objectSpec([verdictProgram("card", VERDICT.pass)], maps), { offloadTo: findInterface(name).index });

    test.each(["link", "netlink"] as const)("a program runs there, attached by %s", (by) => {
      using object = offloaded();
      const program = programOf(object, "card");
      {
        using attachment = attachXdp({ interface: name, program, mode: "hw", by });
        expect(attachment.mode).toBe("hw");
        expect(queryXdp(name)).toMatchObject([{ mode: "hw", programId: program.id }]);
      }
      expect(queryXdp(name)).toEqual([]);
    });

    test("maps live there too", () => {
      using object = offloaded([mapSpec({ name: "numbers", type: "array", maxEntries: 2 })]);
      const numbers = ArrayMap.of(object.map("numbers"), { value: u64 });
      numbers.set(1, 7n);
      expect([...numbers.entries()]).toEqual([
        [0, 0n],
        [1, 7n],
      ]);
    });

    test("a program that was loaded for the kernel is refused", () => {
      using object = loadObject(objectSpec([verdictProgram("kernel", VERDICT.pass)]));
      const attach = () => attachXdp({ interface: name, program: programOf(object, "kernel"), mode: "hw" });
      expect(attach).toThrow("a program loaded for it");
    });
  });

test("a program for a card that is none is refused with the reason", () => {
  const load = () => {
    using object = loadObject(objectSpec([verdictProgram("card", VERDICT.pass)]), {
      offloadTo: findInterface("lo").index,
    });
    return object.program("card");
  };
  expect(load).toThrow("Offload needs a network card that runs XDP programs");
});

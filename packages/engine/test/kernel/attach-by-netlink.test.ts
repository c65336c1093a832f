import { existsSync } from "node:fs";
import { queryXdp } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { attach, detach, stats, status, watch } from "../../src/index.ts";
import { namespaceDirectory } from "../../src/pinned/pin-place.ts";
import { attachForeign } from "./foreign-program.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const code = (value: string): unknown => expect.objectContaining({ code: value });
const onInterface = (veth: WatchedVeth) => veth.inside(() => queryXdp(veth.name));

describe.skipIf(requireRoot())("a monitor that netlink attached", () => {
  test("counts, is found, replaced, and taken off", () => {
    using veth = watchedVeth();
    const attached = veth.inside(() => attach(veth.name, { by: "netlink", idle: 0 }));
    expect(attached).toMatchObject({ by: "netlink", mode: "drv" });
    veth.send(3);
    const replaced = veth.inside(() => attach(veth.name, { replace: true }));
    expect(replaced.by).toBe("netlink");
    veth.send(4);
    expect(veth.inside(() => stats(veth.name)).counters.udp).toBe(7n);
    veth.inside(() => attach(veth.name, { migrate: true, connections: 50 }));
    veth.send(1);
    expect(veth.inside(() => stats(veth.name)).counters.udp).toBe(8n);
    expect(veth.inside(status).attached).toMatchObject([{ by: "netlink", capacity: 50, interface: veth.name }]);
    expect(() => veth.inside(() => attach(veth.name))).toThrow(code("WEIR_ALREADY_ATTACHED"));
    expect(() => veth.inside(() => watch(veth.name))).toThrow(code("WEIR_BUSY"));
    veth.inside(() => detach(veth.name));
    expect(onInterface(veth)).toEqual([]);
    expect(existsSync(attached.directory)).toBe(false);
  });

  test("is left alone by status in another namespace, and leaves another program alone", () => {
    using veth = watchedVeth();
    using other = watchedVeth();
    const { directory } = veth.inside(() => attach(veth.name, { by: "netlink" }));
    expect(other.inside(status).removed).toEqual([]);
    expect(existsSync(directory)).toBe(true);
    veth.receiver.run("ip", ["link", "set", "dev", veth.name, "xdpdrv", "off"]);
    using foreign = attachForeign(veth, "netlink");
    const { attached, removed } = veth.inside(status);
    expect([attached, removed]).toMatchObject([[], [{ interface: veth.name, directory }]]);
    expect(onInterface(veth)).toMatchObject([{ programId: foreign.id }]);
  });

  test("is cleaned up by status when its interface is gone", () => {
    using veth = watchedVeth();
    const { directory } = veth.inside(() => attach(veth.name, { by: "netlink" }));
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    expect(veth.inside(status).removed).toMatchObject([{ directory, reason: `interface ${veth.name} is gone` }]);
    expect(existsSync(directory)).toBe(false);
  });
});

describe.skipIf(requireRoot())("a program of somebody else", () => {
  test("that netlink attached gives its place to attach, when its id is given", () => {
    using veth = watchedVeth();
    using foreign = attachForeign(veth, "netlink", "skb");
    const replaceForeign = foreign.id;
    expect(() => veth.inside(() => attach(veth.name))).toThrow(code("WEIR_BUSY"));
    expect(() => veth.inside(() => attach(veth.name, { replaceForeign: replaceForeign + 1 }))).toThrow(
      code("WEIR_BUSY"),
    );
    expect(() => veth.inside(() => attach(veth.name, { replaceForeign, mode: "drv" }))).toThrow(code("WEIR_MODE"));
    expect(onInterface(veth)).toMatchObject([{ programId: foreign.id }]);
    const attached = veth.inside(() => attach(veth.name, { replaceForeign }));
    expect(attached).toMatchObject({ by: "netlink", mode: "skb" });
    veth.send(2);
    expect(veth.inside(() => stats(veth.name)).counters.udp).toBe(2n);
    expect(veth.inside(status).attached).toMatchObject([{ programId: attached.programId }]);
    veth.inside(() => detach(veth.name));
    expect(onInterface(veth)).toEqual([]);
  });

  test("that netlink attached gives its place to watch, when its id is given", () => {
    using veth = watchedVeth();
    using foreign = attachForeign(veth, "netlink", "skb");
    expect(() => veth.inside(() => watch(veth.name, { replaceForeign: foreign.id + 1 }))).toThrow(code("WEIR_BUSY"));
    {
      using monitor = veth.inside(() => watch(veth.name, { replaceForeign: foreign.id, mode: "drv" }));
      veth.send(2);
      expect(veth.inside(() => monitor.snapshot())).toMatchObject([{ mode: "drv", counters: { udp: 2n } }]);
    }
    expect(onInterface(veth)).toEqual([]);
  });

  test("gets its place back when the monitor cannot have it", () => {
    using veth = watchedVeth();
    using foreign = attachForeign(veth, "netlink", "skb");
    const hardware = () => veth.inside(() => watch(veth.name, { replaceForeign: foreign.id, mode: "hw" }));
    expect(hardware).toThrow(code("WEIR_MODE"));
    expect(onInterface(veth)).toMatchObject([{ programId: foreign.id, mode: "skb" }]);
  });

  test("that a link holds stays, and its holder is named", () => {
    using veth = watchedVeth();
    using foreign = attachForeign(veth, "link");
    const replaceForeign = foreign.id;
    for (const act of [() => attach(veth.name, { replaceForeign }), () => void watch(veth.name, { replaceForeign })]) {
      expect(() => veth.inside<unknown>(act)).toThrow(code("WEIR_BUSY"));
      expect(() => veth.inside<unknown>(act)).toThrow(`held by process ${process.pid}`);
    }
    expect(onInterface(veth)).toMatchObject([{ programId: foreign.id }]);
    expect(veth.inside(status).attached).toEqual([]);
    expect(veth.inside(() => existsSync(namespaceDirectory()))).toBe(false);
  });
});

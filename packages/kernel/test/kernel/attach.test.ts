import {
  attachXdp,
  findInterface,
  inNetworkNamespace,
  type LoadedObject,
  loadObject,
  NetlinkAttachment,
  queryXdp,
} from "@weir/kernel";
import { NetworkNamespace, vethPair } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

let object: LoadedObject;
let left: NetworkNamespace;
let right: NetworkNamespace;

beforeAll(() => {
  object = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass), verdictProgram("other", VERDICT.pass)]));
  left = NetworkNamespace.create();
  right = NetworkNamespace.create();
  vethPair(left, right);
});

afterAll(() => {
  object[Symbol.dispose]();
  left[Symbol.dispose]();
  right[Symbol.dispose]();
});

const inside = <Result>(act: () => Result): Result => inNetworkNamespace(left.path, act);

describe.each(["link", "netlink"] as const)("attached by %s", (by) => {
  test("a program is on the interface until it is disposed", () => {
    const program = programOf(object, "pass");
    inside(() => {
      {
        using attachment = attachXdp({ interface: "veth0", program, by });
        expect(attachment).toMatchObject({ mode: "drv", by, interfaceName: "veth0", attached: true });
        expect(queryXdp("veth0")).toEqual([{ mode: "drv", programId: program.id, programName: "pass" }]);
      }
      expect(queryXdp("veth0")).toEqual([]);
    });
  });

  test("skb mode is generic XDP", () => {
    inside(() => {
      using attachment = attachXdp({ interface: "veth0", program: programOf(object, "pass"), by, mode: "skb" });
      expect(attachment.mode).toBe("skb");
      expect(queryXdp("veth0")).toMatchObject([{ mode: "skb" }]);
    });
  });

  test("auto falls back to skb and says why", () => {
    inside(() => {
      using attachment = attachXdp({ interface: "lo", program: programOf(object, "pass"), by });
      expect(attachment.mode).toBe("skb");
      expect(attachment.fallback?.answer).toMatch(/^EOPNOTSUPP: Underlying driver does not support XDP in native mode/);
      expect(attachment.fallback?.reason).toBe("no-native");
    });
  });

  test("drv fails where the driver cannot, and leaves nothing", () => {
    inside(() => {
      const attach = () => attachXdp({ interface: "lo", program: programOf(object, "pass"), by, mode: "drv" });
      expect(attach).toThrow(expect.objectContaining({ code: "WEIR_NOT_SUPPORTED", isNotSupported: true }));
      expect(queryXdp("lo")).toEqual([]);
    });
  });

  test("hw is refused with what it needs", () => {
    inside(() => {
      const attach = () => attachXdp({ interface: "veth0", program: programOf(object, "pass"), by, mode: "hw" });
      expect(attach).toThrow(/Offload needs a network card that runs XDP programs/);
    });
  });

  test.each(["drv", "skb"] as const)("another program stays, and %s names it", (mode) => {
    inside(() => {
      const other = programOf(object, "other");
      using _ = attachXdp({ interface: "veth0", program: other, by });
      const attach = () => attachXdp({ interface: "veth0", program: programOf(object, "pass"), by, mode });
      expect(attach).toThrow(`"other" (id ${other.id}, mode drv). It was left as it is.`);
      expect(attach).toThrow(expect.objectContaining({ code: "WEIR_BUSY", isBusy: true }));
      expect(queryXdp("veth0")).toMatchObject([{ programName: "other" }]);
    });
  });

  test("replace puts another program in its place", () => {
    inside(() => {
      using attachment = attachXdp({ interface: "veth0", program: programOf(object, "pass"), by });
      const other = programOf(object, "other");
      attachment.replace(other);
      expect(attachment.programId).toBe(other.id);
      expect(queryXdp("veth0")).toMatchObject([{ programName: "other" }]);
    });
  });

  test("detach takes it off, and twice is harmless", () => {
    inside(() => {
      using attachment = attachXdp({ interface: "veth0", program: programOf(object, "pass"), by });
      attachment.detach();
      expect(attachment.attached).toBe(false);
      attachment.detach();
      expect(queryXdp("veth0")).toEqual([]);
    });
  });

  test("an interface that goes takes the attachment along", () => {
    inside(() => {
      left.run("ip", ["link", "add", "short", "type", "veth", "peer", "name", "short-peer"]);
      using attachment = attachXdp({ interface: "short", program: programOf(object, "pass"), by });
      left.run("ip", ["link", "delete", "short"]);
      expect(attachment.attached).toBe(false);
      attachment.detach();
    });
  });
});

test("an interface that is not there is named, with those that are", () => {
  inside(() => {
    const attach = () => attachXdp({ interface: "eth9", program: programOf(object, "pass") });
    expect(attach).toThrow(expect.objectContaining({ code: "WEIR_NO_INTERFACE", isNotFound: true }));
    expect(attach).toThrow('There is no interface named "eth9". There are: lo, veth0.');
  });
});

test("an attachment by netlink cannot be pinned, and says that it need not be", () => {
  inside(() => {
    using attachment = attachXdp({ interface: "veth0", program: programOf(object, "pass"), by: "netlink" });
    expect(() => attachment.pin("/sys/fs/bpf/never")).toThrow("Such an attachment stays without a pin");
  });
});

test("an attachment by netlink that somebody else replaced is left to them", () => {
  inside(() => {
    using other = attachXdp({ interface: "veth0", program: programOf(object, "other"), by: "netlink" });
    left.run("ip", ["link", "set", "dev", "veth0", "xdpdrv", "off"]);
    expect(other.attached).toBe(false);
    using ours = attachXdp({ interface: "veth0", program: programOf(object, "pass"), by: "netlink" });
    expect(() => other.replace(programOf(object, "pass"))).toThrow(
      "a program that is in its place now was left as it is",
    );
    other.detach();
    expect(ours.attached).toBe(true);
  });
});

test("netlink takes a program off only while it is the one that is there, and says so when it is not", () => {
  const BUSY = expect.objectContaining({ code: "WEIR_BUSY" });
  inside(() => {
    const [program, other] = [programOf(object, "pass"), programOf(object, "other")];
    using attached = attachXdp({ interface: "veth0", program, by: "netlink" });
    using known = NetlinkAttachment.open(program, findInterface("veth0"));
    attached.replace(other);
    expect(() => known?.takeOff()).toThrow(BUSY);
    expect(queryXdp("veth0")).toMatchObject([{ programId: other.id }]);
    attached.detach();
    expect(() => known?.takeOff()).toThrow(BUSY);
    attachXdp({ interface: "veth0", program, by: "netlink" }).release();
    known?.takeOff();
    expect(queryXdp("veth0")).toEqual([]);
  });
});

test("a link and netlink keep off each other's programs", () => {
  inside(() => {
    const program = programOf(object, "pass");
    using _ = attachXdp({ interface: "veth0", program, by: "link" });
    const attach = () => attachXdp({ interface: "veth0", program, by: "netlink" });
    expect(attach).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
  });
});

test("an MTU too large for one buffer needs frags, and auto falls back", () => {
  inside(() => {
    left.run("ip", ["link", "set", "dev", "veth0", "mtu", "9000"]);
    right.run("ip", ["link", "set", "dev", "veth0", "mtu", "9000"]);
    const attach = () => attachXdp({ interface: "veth0", program: programOf(object, "pass"), mode: "drv" });
    expect(attach).toThrow("The interface's MTU is too large for a program that takes a packet in one buffer");
    using fallback = attachXdp({ interface: "veth0", program: programOf(object, "pass") });
    expect(fallback).toMatchObject({
      mode: "skb",
      fallback: { reason: "mtu", answer: expect.stringContaining("MTU is too large") },
    });
    fallback.detach();
    using native = attachXdp({ interface: "veth0", program: programOf(object, "pass", { frags: true }), mode: "drv" });
    expect(native.mode).toBe("drv");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  AttachError,
  type AttachOptions,
  attachXdp,
  type BpfProgram,
  findInterface,
  inNetworkNamespace,
  type LoadedObject,
  loadObject,
} from "@weir/kernel";
import { NetworkNamespace, requireTool, vethPair } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachError } from "../../src/xdp/refusal/attach-error.ts";
import type { AttachReason } from "../../src/xdp/refusal/refusal.ts";
import { BpfMount } from "../fixtures/bpf-mount.ts";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

let object: LoadedObject;
let left: NetworkNamespace;
let right: NetworkNamespace;

beforeAll(() => {
  const devmap = { ...verdictProgram("entry", VERDICT.pass), section: "xdp/devmap" };
  object = loadObject(
    objectSpec([verdictProgram("pass", VERDICT.pass), verdictProgram("other", VERDICT.pass), devmap]),
  );
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
const pass = (): BpfProgram => programOf(object, "pass");

/** The refusal to attach. */
function refusal(options: Partial<AttachOptions> & { interface: string }): AttachError {
  try {
    attachXdp({ program: pass(), ...options })[Symbol.dispose]();
  } catch (error) {
    if (error instanceof AttachError) return error;
    throw error;
  }
  throw new Error("nothing refused it");
}

describe("another program is there", () => {
  test("by a link that this process holds", () => {
    inside(() => {
      using _ = attachXdp({ interface: "veth0", program: programOf(object, "other") });
      const error = refusal({ interface: "veth0", mode: "drv" });
      expect(error).toMatchObject({ reason: "busy", code: "WEIR_BUSY" });
      expect(error.message).toMatch(/It is on link \d+, held by process \d+ \(.*vitest.*\)\./);
      expect(error.message).toContain(`If it is not needed: end that process: kill ${process.pid}`);
    });
  });

  test("by a link that is pinned", () => {
    using mount = new BpfMount();
    const path = mount.file("link");
    inside(() => {
      {
        using attachment = attachXdp({ interface: "veth0", program: programOf(object, "other") });
        attachment.pin(path);
      }
      const error = refusal({ interface: "veth0", mode: "drv" });
      expect(error.message).toContain(`pinned at ${path}.`);
      expect(error.message).toContain(`If it is not needed: rm ${path}`);
    });
  });

  test("by netlink", () => {
    inside(() => {
      using _ = attachXdp({ interface: "veth0", program: programOf(object, "other"), by: "netlink" });
      const error = refusal({ interface: "veth0", mode: "drv" });
      expect(error.message).toContain("so it was attached by netlink, as `ip link` does.");
      expect(error.message).toContain("If it is not needed: ip link set dev veth0 xdpdrv off");
      left.run("ip", ["link", "set", "dev", "veth0", "xdpdrv", "off"]);
      attachXdp({ interface: "veth0", program: pass() })[Symbol.dispose]();
    });
  });

  test("in the other mode", () => {
    inside(() => {
      using _ = attachXdp({ interface: "veth0", program: programOf(object, "other"), mode: "skb" });
      const error = refusal({ interface: "veth0", mode: "drv" });
      expect(error).toMatchObject({ reason: "other-mode", code: "WEIR_BUSY" });
      expect(error.message).toContain("Native and generic XDP can't be active at the same time");
      expect(error.message).toContain("not one in the driver (drv) and one before the stack (skb)");
      // Nor does auto take the place of it.
      expect(refusal({ interface: "veth0" }).reason).toBe("other-mode");
    });
  });
});

describe("an interface above it has a program", () => {
  const STACKED = [
    { kind: "macvlan", commands: ["link add link below name above type macvlan"] },
    { kind: "bridge", commands: ["link add above type bridge", "link set below master above"] },
  ];

  test.each(STACKED)("a $kind: it is named, and how to take its program off", ({ commands }) => {
    left.run("ip", ["link", "add", "below", "type", "veth", "peer", "name", "below-peer"]);
    for (const words of commands) left.run("ip", words.split(" "));
    try {
      inside(() => {
        using _ = attachXdp({ interface: "above", program: programOf(object, "other"), mode: "skb", by: "netlink" });
        for (const mode of ["drv", "skb", "auto"] as const) {
          const error = refusal({ interface: "below", mode });
          expect(error).toMatchObject({ reason: "busy", code: "WEIR_BUSY" });
          expect(error.message).toContain("Cannot attach when an upper device already has a program");
          expect(error.message).toContain('above, which is above it, has an XDP program: "other"');
          expect(error.message).toContain("ip link set dev above xdpgeneric off");
        }
        left.run("ip", ["link", "set", "dev", "above", "xdpgeneric", "off"]);
        attachXdp({ interface: "below", program: pass() })[Symbol.dispose]();
      });
    } finally {
      for (const name of ["below", "above"]) left.try("ip", ["link", "delete", name]);
    }
  });

  test("in another network namespace, where it is not seen", () => {
    left.run("ip", ["link", "add", "below", "type", "veth", "peer", "name", "below-peer"]);
    left.run("ip", ["link", "add", "link", "below", "name", "far", "netns", right.name, "type", "macvlan"]);
    try {
      using _ = inNetworkNamespace(right.path, () =>
        attachXdp({ interface: "far", program: programOf(object, "other"), mode: "skb" }),
      );
      inside(() => {
        const error = refusal({ interface: "below" });
        expect(error.message).toContain("An interface above it has an XDP program; it is in another network namespace");
      });
    } finally {
      left.run("ip", ["link", "delete", "below"]);
    }
  });
});

test("an MTU that is too large for one buffer is the other end's", () => {
  right.run("ip", ["link", "set", "dev", "veth0", "mtu", "9000"]);
  try {
    inside(() => {
      const error = refusal({ interface: "veth0", mode: "drv" });
      expect(error).toMatchObject({ reason: "mtu", code: "WEIR_NOT_SUPPORTED" });
      expect(error.message).toContain("Peer MTU is too large to set XDP");
    });
  } finally {
    right.run("ip", ["link", "set", "dev", "veth0", "mtu", "1500"]);
  }
});

test("both ends here: the one is named whose MTU it is", () => {
  left.run("ip", ["link", "add", "here", "type", "veth", "peer", "name", "there", "mtu", "9000"]);
  try {
    inside(() => {
      const error = refusal({ interface: "here", mode: "drv" });
      expect(error.message).toContain("(there has 9000)");
      expect(error.message).toContain("ip link set dev there mtu 1500");
    });
  } finally {
    left.run("ip", ["link", "delete", "here"]);
  }
});

test("a driver that gives programs one buffer is not asked for frags", () => {
  left.run("ip", ["tuntap", "add", "tap9", "mode", "tap"]);
  inside(() => {
    const [target, words] = [findInterface("tap9"), "MTU too large"];
    const error = attachError({ errno: 22, words, target, mode: "drv" }, "netlink");
    expect(error.reason).toBe("no-frags");
    expect(error.message).toContain("ip link set dev tap9 mtu 1500");
  });
});

test("a veth with fewer receive queues than its other end sends on says how many it takes", () => {
  const few = ["few", "numrxqueues", "4", "numtxqueues", "1"];
  const many = ["many", "numrxqueues", "1", "numtxqueues", "4"];
  left.run("ip", ["link", "add", ...few, "type", "veth", "peer", "name", ...many]);
  try {
    left.run("ethtool", ["-L", "few", "rx", "1"]);
    inside(() => {
      const error = refusal({ interface: "few", mode: "drv" });
      expect(error).toMatchObject({ reason: "queues", code: "WEIR_NOT_SUPPORTED" });
      const [command] = /ethtool -L few rx \d+/.exec(error.message) ?? [];
      left.run("sh", ["-c", command ?? "false"]);
      attachXdp({ interface: "few", program: pass(), mode: "drv" })[Symbol.dispose]();
    });
  } finally {
    left.run("ip", ["link", "delete", "few"]);
  }
});

test("a driver without native XDP", () => {
  inside(() => {
    const error = refusal({ interface: "lo", mode: "drv" });
    expect(error).toMatchObject({ reason: "no-native", code: "WEIR_NOT_SUPPORTED" });
    expect(error.message).toContain("has no native XDP. Use --mode skb, or auto.");
  });
});

test("no card to offload to", () => {
  inside(() => {
    expect(refusal({ interface: "veth0", mode: "hw" })).toMatchObject({ reason: "no-offload" });
  });
});

test("a program for entries of maps", () => {
  inside(() => {
    const error = refusal({ interface: "veth0", program: programOf(object, "entry") });
    expect(error.reason).toBe("program-kind");
    expect(error.message).toContain("section xdp is for interfaces");
  });
});

test("a program that is bound to another interface, or asked to run elsewhere than in its driver", () => {
  left.run("ip", ["link", "add", "one", "type", "veth", "peer", "name", "two"]);
  try {
    inside(() => {
      using bound = loadObject(objectSpec([verdictProgram("bound", VERDICT.pass)]));
      const program = programOf(bound, "bound", { boundTo: findInterface("one").index });
      const error = refusal({ interface: "two", program });
      expect(error.reason).toBe("bound-elsewhere");
      expect(error.message).toContain("load it for two");
      expect(refusal({ interface: "one", program, mode: "skb" }).reason).toBe("bound-elsewhere");
      attachXdp({ interface: "one", program, mode: "drv" })[Symbol.dispose]();
    });
  } finally {
    left.run("ip", ["link", "delete", "one"]);
  }
});

test("commands to paste take every name for one word", () => {
  left.run("ip", ["link", "add", "a;b", "type", "veth", "peer", "name", "$(c)", "mtu", "9000"]);
  inside(() => {
    expect(refusal({ interface: "a;b", mode: "drv" }).message).toContain("ip link set dev '$(c)' mtu 1500");
  });
});

test("an interface of another network namespace is found there", () => {
  right.run("ip", ["link", "add", "only-there", "type", "veth", "peer", "name", "only-there-peer"]);
  const attach = () => inside(() => attachXdp({ interface: "only-there", program: pass() }));
  expect(attach).toThrow(`Network namespace ${right.name} has one: run it there, with ip netns exec ${right.name}.`);
});

describe.skipIf(requireTool("setpriv"))("a process without CAP_NET_ADMIN", () => {
  const script = new URL("../fixtures/attach-pinned.ts", import.meta.url).pathname;

  test("may not attach by netlink, and is told which capability it lacks", () => {
    using mount = new BpfMount();
    const path = mount.file("program");
    pass().pin(path);
    const attach = (capabilities: string) =>
      left.run("setpriv", [
        ...[`--bounding-set=-all,${capabilities}`, process.execPath, "--conditions=source"],
        ...[script, path, "veth0", "netlink"],
      ]);
    expect(JSON.parse(attach("+bpf,+perfmon"))).toEqual({
      code: "WEIR_PERMISSION",
      reason: "permission",
      message: expect.stringContaining("This process lacks CAP_NET_ADMIN."),
    });
    // CAP_SYS_ADMIN is what opening a program by its id takes, to take it off again.
    expect(JSON.parse(attach("+bpf,+perfmon,+net_admin,+sys_admin"))).toEqual({ attached: true });
  });
});

test.each([
  ["memory", 12, "the cgroup's memory limit is reached"],
  ["no-interface", 19, ""],
  ["driver", 22, "refuses with the interface's present settings (MTU 1500); the kernel's log may say more: dmesg."],
] as const)("an error number without words is taken for what it is: %s", (reason, errno, words) => {
  inside(() => {
    const error = attachError({ errno, target: findInterface("veth0"), mode: "drv" }, "link");
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(words);
  });
});

test("a process that ended takes its link along", async () => {
  const script = `
    import { attachXdp, inNetworkNamespace, loadObject } from "@weir/kernel";
    import { objectSpec, VERDICT, verdictProgram } from ${JSON.stringify(new URL("../fixtures/pass-object.ts", import.meta.url).href)};
    const found = loadObject(objectSpec([verdictProgram("theirs", VERDICT.pass)])).program("theirs");
    globalThis.kept = inNetworkNamespace(${JSON.stringify(left.path)}, () => attachXdp({ interface: "veth0", program: found.program }));
    process.stdout.write("attached");
    setInterval(() => {}, 1000);
  `;
  const other = spawn(process.execPath, ["--conditions=source", "--input-type=module-typescript", "--eval", script], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(other.stdout, "data");
    inside(() => {
      expect(refusal({ interface: "veth0", mode: "drv" }).message).toContain(`kill ${other.pid}`);
    });
  } finally {
    other.kill("SIGKILL");
    await once(other, "exit");
  }
  await expect.poll(() => inside(() => findInterface("veth0").xdp)).toEqual([]);
});

/** What drivers say that no test machine has, as their sources have it, and what that is taken for. */
const WORDS: readonly (readonly [driver: string, errno: number, words: string, AttachReason])[] = [
  [
    "virtio_net",
    95,
    "virtio_net: Can't set XDP while host is implementing GRO_HW/CSUM, disable GRO_HW/CSUM first",
    "lro",
  ],
  ["virtio_net", 22, "virtio_net: MTU too large to enable XDP without frags", "mtu"],
  ["virtio_net", 12, "virtio_net: Too few free TX rings available", "queues"],
  ["mlx5_core", 22, "mlx5_core 0000:01:00.0 eth0: can't set XDP while HW-GRO/LRO is on, disable them first", "lro"],
  [
    "mlx5_core",
    22,
    "mlx5_core 0000:01:00.0 eth0: MTU(9000) > 3498, too big for an XDP program not aware of multi buffer",
    "mtu",
  ],
  ["i40e", 22, "i40e: MTU too large for linear frames and XDP prog does not support frags", "mtu"],
  ["ice", 95, "ice: MTU is too large for linear frames and XDP prog does not support frags", "mtu"],
  ["ice", 12, "ice: Not enough Tx resources for XDP", "queues"],
  ["igb", 22, "igb: The RX buffer size is too small for the frame size", "mtu"],
  ["igc", 95, "igc: Jumbo frames not supported", "mtu"],
  [
    "ena",
    22,
    "ena: Failed to set xdp program, there is no enough space for allocating XDP queues, Check the dmesg for more info",
    "queues",
  ],
  ["hv_netvsc", 95, "hv_netvsc: XDP: not support LRO", "lro"],
  ["bnxt_en", 95, "bnxt_en 0000:01:00.0 eth0: XDP is disallowed when HDS is enabled.", "lro"],
  ["bnxt_en", 95, "bnxt_en 0000:01:00.0 eth0: ethtool rx/tx channels must be combined to support XDP.", "queues"],
  ["mtk_soc_eth", 95, "XDP not supported with HWLRO", "lro"],
  ["nfp", 22, "nfp: Insufficient number of TX rings w/ XDP enabled", "queues"],
  ["bonding", 95, "bonding: No native XDP support for the current bonding mode", "no-native"],
  // The driver loses sight of it for the moment in which both are removed.
  ["veth", 107, "veth: Cannot set XDP when peer is detached", "no-peer"],
  ["bonding", 17, "Slave has XDP program loaded, please unload before enslaving", "busy"],
  ["bonding", 95, "Slave has XDP program loaded, please unload before enslaving", "busy"],
  ["bonding", 95, "Slave does not support XDP", "no-native"],
  ["any", 17, "Cannot attach when an upper device already has a program", "busy"],
  ["any", 16, "unable to install XDP to device using tcp-data-split", "lro"],
  ["any", 16, "unable to install XDP to device using memory provider", "driver"],
  ["any", 22, "Program bound to different device", "bound-elsewhere"],
];

test.each(WORDS)("%s, errno %i, %s: %s", (_driver, errno, words, reason) => {
  inside(() => {
    const error = attachError({ errno, words, target: findInterface("veth0"), mode: "drv" }, "netlink");
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(words);
    expect(error.advice.length).toBeGreaterThan(0);
  });
});

test.each([
  "can't set XDP while HW-GRO/LRO is on",
  "XDP is disallowed when HDS is enabled.",
  "Not enough Tx resources for XDP",
  "MTU too large",
])("a card may be reset for what helps against: %s", (words) => {
  inside(() => {
    const veth = findInterface("veth0");
    const advice = (parent: typeof veth.parent) =>
      attachError({ errno: 22, words, target: { ...veth, kind: undefined, parent }, mode: "drv" }, "netlink").message;
    const warning = "which can end a remote session over veth0";
    expect(advice({ name: "0000:01:00.0", bus: "pci" })).toContain(warning);
    expect(advice(undefined)).not.toContain(warning);
  });
});

test("a bond is told what it takes native XDP for, and which of its ports have programs", () => {
  left.run("ip", ["link", "add", "trunk", "type", "bridge"]);
  left.run("ip", ["link", "add", "port1", "type", "veth", "peer", "name", "port1-peer"]);
  left.run("ip", ["link", "set", "port1", "master", "trunk"]);
  inside(() => {
    using _ = attachXdp({ interface: "port1", program: programOf(object, "other"), by: "netlink" });
    // No bond is to be had on every machine; what matters is that it has ports.
    const bond = { ...findInterface("trunk"), kind: "bond" };
    const told = (words: string) => attachError({ errno: 95, words, target: bond, mode: "drv" }, "netlink").message;
    expect(told("No native XDP support for the current bonding mode")).toContain("balance-rr, active-backup");
    expect(told("Slave does not support XDP")).toContain("Its ports: port1.");
    const occupied = told("Slave has XDP program loaded, please unload before enslaving");
    expect(occupied).toContain('port1: "other"');
    expect(occupied).toContain("ip link set dev port1 xdpdrv off");
  });
});

/** Complete by its type. */
const REASONS: Readonly<Record<AttachReason, true>> = {
  busy: true,
  "other-mode": true,
  mtu: true,
  "no-frags": true,
  queues: true,
  lro: true,
  "no-native": true,
  "no-offload": true,
  "bound-elsewhere": true,
  "program-kind": true,
  memory: true,
  permission: true,
  "no-interface": true,
  "no-peer": true,
  driver: true,
};

test("docs/attaching.md has every reason", () => {
  const text = readFileSync(new URL("../../../../docs/attaching.md", import.meta.url), "utf8");
  const [, section = ""] = text.split("## Why the attach failed");
  // The first row is the table's head.
  const [, ...listed] = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, reason]) => reason);
  expect(new Set(listed)).toEqual(new Set(Object.keys(REASONS)));
});

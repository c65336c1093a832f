import type { Answer, DetectedInterface, DetectedKernel, XdpSupport } from "@weir/engine";
import { describe, expect, test } from "vitest";
import { detectionText } from "../../src/reporters/detection.ts";
import { plainStyle } from "../../src/text/style.ts";

const YES: Answer = { answer: "yes" };
const NO: Answer = { answer: "no", reason: "it cannot" };

const support: XdpSupport = {
  source: "kernel",
  citation: undefined,
  native: YES,
  redirect: YES,
  redirectTarget: YES,
  redirectTargetFrags: NO,
  frags: YES,
  zeroCopy: YES,
  zeroCopySegments: undefined,
  offload: NO,
  metadata: undefined,
  socketFeatures: undefined,
};

const kernel: DetectedKernel = {
  release: "6.12.0",
  architecture: "x64",
  types: YES,
  compiled: YES,
  lockdown: "none",
  unprivileged: NO,
  missingCapabilities: [],
  inUserNamespace: false,
  cpus: 4,
  bpfFileSystem: true,
  needs: [],
};

const advice = { mode: "drv", reason: "it runs programs" } as const;

const card: DetectedInterface = {
  index: 2,
  name: "eth0",
  kind: "physical",
  hardwareAddress: "02:00:00:00:00:01",
  mtu: 1500,
  up: true,
  carrier: true,
  operationalState: "up",
  linkType: 1,
  ethernet: true,
  master: undefined,
  lower: undefined,
  peer: undefined,
  vlanId: undefined,
  parent: { name: "0000:01:00.0", bus: "pci" },
  driver: { name: "ixgbe", version: undefined, firmware: undefined, bus: undefined },
  xdp: support,
  singleBufferMtu: undefined,
  singleBufferMtuSource: undefined,
  fragsMtu: undefined,
  receiveQueues: 8,
  transmitQueues: 8,
  channels: undefined,
  rings: undefined,
  offloads: undefined,
  unanswered: undefined,
  attached: [],
  recommendation: { monitor: advice, filter: advice, redirect: advice, changes: [] },
};

/** What is printed, each entry in one line, its words with one space between. */
function printed(some: Partial<DetectedInterface>, machine: Partial<DetectedKernel> = {}): string[] {
  const detection = { kernel: { ...kernel, ...machine }, interfaces: [{ ...card, ...some }] };
  const lines = detectionText(detection, { columns: 2000, style: plainStyle, now: 0n });
  return lines.map((line) => line.trim().replace(/ +/g, " "));
}

describe("the features", () => {
  test("are all told, those of frames in several buffers too", () => {
    expect(printed({})).toContain(
      "XDP native yes, redirect yes, redirected to yes (with frags no), frags yes, zero-copy yes, offload no (the kernel says so)",
    );
  });

  test("end with what zero-copy sockets and programs have of the driver", () => {
    const xdp: XdpSupport = { ...support, zeroCopySegments: 5, metadata: ["hash"], socketFeatures: ["tx-checksum"] };
    expect(printed({ xdp }).join("\n")).toContain(
      "offload no; zero-copy frames of 5 buffers at most; metadata hash; for sockets tx-checksum (the kernel says so)",
    );
  });

  test("name their source where the kernel does not tell", () => {
    const xdp: XdpSupport = { ...support, source: "table", citation: "https://git.kernel.org/linus/924708081629" };
    expect(printed({ xdp }).join("\n")).toContain(
      "(the kernel does not tell; from what is known of the driver: https://git.kernel.org/linus/924708081629)",
    );
  });
});

test("what the kernel answered with an error is not known, and says why", () => {
  const unanswered = [{ question: "rings", reason: "ETHTOOL_MSG_RINGS_GET failed: EIO" }] as const;
  expect(printed({ unanswered })).toContain("unknown rings: ETHTOOL_MSG_RINGS_GET failed: EIO");
});

test("a command for which the driver may reset the card says so", () => {
  const shown = (interrupts: boolean) => {
    const changes = [{ why: "it merges", commands: ["ethtool -K eth0 rx-lro off"], needed: true, interrupts }];
    const lines = printed({ recommendation: { ...card.recommendation, changes } });
    return lines.slice(lines.indexOf("first it merges"), lines.indexOf(""));
  };
  const command = ["first it merges", "$ ethtool -K eth0 rx-lro off"];
  expect(shown(false)).toEqual(command);
  expect(shown(true)).toEqual([
    ...command,
    "the driver may reset the card for it: packets are lost for a moment, and a remote session over eth0 may end",
  ]);
});

test("the MTUs that go with native XDP are told without and with frags, and where the former is known from", () => {
  const single = { singleBufferMtu: 3050, singleBufferMtuSource: "https://docs.ebpf.io" };
  expect(printed(single)).toContain("MTU for drv up to 3050 in one buffer (https://docs.ebpf.io)");
  expect(printed({ ...single, fragsMtu: 9702 })).toContain(
    "MTU for drv up to 3050 in one buffer (https://docs.ebpf.io), up to 9702 for programs with frags",
  );
});

test("what this process may do is told, and that a user namespace makes it nothing", () => {
  expect(printed({})).toContain("this process has the capabilities that weir needs");
  expect(printed({}, { missingCapabilities: ["CAP_BPF"] })).toContain("this process lacks CAP_BPF");
  expect(printed({}, { inUserNamespace: true }).join("\n")).toContain("this process is in a user namespace");
});

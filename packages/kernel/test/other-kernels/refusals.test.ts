import { release } from "node:os";
import {
  AttachError,
  type AttachOptions,
  attachXdp,
  inNetworkNamespace,
  type LoadedObject,
  loadObject,
} from "@weir/kernel";
import { type NetworkCardName, type PluggedCard, plugCard } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

let object: LoadedObject;

beforeAll(() => {
  object = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
});

afterAll(() => object[Symbol.dispose]());

interface DriverRefusal {
  readonly what: string;
  readonly card: NetworkCardName;
  readonly mtu?: number;
  readonly errno: string;
  /** What `AttachError.reason` is. */
  readonly reason: unknown;
  readonly words: RegExp;
}

/** What drivers say, each for a reason of its own. */
const REFUSALS: readonly DriverRefusal[] = [
  {
    what: "virtio_net that cannot stop merging packets",
    card: "virtioFixed",
    errno: "EOPNOTSUPP",
    reason: "lro",
    words: /Can't set XDP while host is implementing/,
  },
  {
    what: "virtio_net with a large MTU",
    card: "virtio",
    mtu: 9000,
    errno: "EINVAL",
    // What virtio_net lacks for large frames depends on the kernel.
    reason: expect.stringMatching(/^(mtu|no-frags)$/),
    words: /MTU too large to enable XDP/,
  },
  {
    what: "a driver without native XDP",
    card: "e1000e",
    errno: "EOPNOTSUPP",
    reason: "no-native",
    words: /Underlying driver does not support XDP in native mode/,
  },
  // Native XDP came with Linux 6.6.
  ...(release().startsWith("6.1.")
    ? [
        {
          what: "vmxnet3",
          card: "vmxnet3",
          errno: "EOPNOTSUPP",
          reason: "no-native",
          words: /Underlying driver does not support XDP/,
        } as const,
      ]
    : []),
];

describe.each(REFUSALS)("$what", ({ card, mtu = 1500, errno, reason, words }) => {
  let plugged: PluggedCard;

  beforeAll(async () => {
    plugged = await plugCard(card);
    plugged.namespace.run("ip", ["link", "set", "dev", plugged.name, "mtu", String(mtu)]);
  });

  afterAll(() => plugged[Symbol.dispose]());

  const inside = <Result>(act: () => Result): Result => inNetworkNamespace(plugged.namespace.path, act);

  test.each(["link", "netlink"] as const)("refuses native XDP by %s in its words, and auto falls back", (by) => {
    inside(() => {
      const options = { interface: plugged.name, program: programOf(object, "pass"), by };
      const { answer, reason: told } = refusal({ ...options, mode: "drv" });
      expect(told).toEqual(reason);
      expect(answer).toMatch(new RegExp(`^${errno}: `));
      expect(answer).toMatch(words);
      using fallback = attachXdp(options);
      expect(fallback).toMatchObject({ mode: "skb", fallback: { reason, answer: expect.stringMatching(words) } });
    });
  });

  test("refuses offload", () => {
    inside(() => {
      const { answer } = refusal({ interface: plugged.name, program: programOf(object, "pass"), mode: "hw" });
      expect(answer).toMatch(/^(EINVAL|EOPNOTSUPP)/);
    });
  });
});

function refusal(options: AttachOptions): AttachError {
  try {
    attachXdp(options)[Symbol.dispose]();
  } catch (error) {
    if (error instanceof AttachError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

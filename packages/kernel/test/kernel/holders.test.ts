import { once } from "node:events";
import {
  attachXdp,
  BpfProgram,
  findHolders,
  inNetworkNamespace,
  linkInfo,
  loadObject,
  queryXdp,
  XdpLink,
} from "@weir/kernel";
import { NetworkNamespace } from "@weir/laboratory";
import { expect, test } from "vitest";
import { BpfMount } from "../fixtures/bpf-mount.ts";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const spec = objectSpec([verdictProgram("pass", VERDICT.pass)]);

const HOLD = `
  import { attachXdp, loadObject } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
  import { objectSpec, verdictProgram } from ${JSON.stringify(new URL("../fixtures/pass-object.ts", import.meta.url).href)};
  const object = loadObject(objectSpec([verdictProgram("pass", 2)]));
  const { program } = object.program("pass");
  const attachment = attachXdp({ interface: "lo", program, mode: "skb" });
  object[Symbol.dispose]();
  process.stdout.write("attached");
  setInterval(() => attachment, 1000);
`;

test("another process is found by the link that it holds, and is gone when it was killed", async () => {
  using namespace = NetworkNamespace.create();
  const words = ["--conditions=source", "--input-type=module-typescript", "-e", HOLD];
  const child = namespace.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout ?? child, "data");
  const [attached] = inNetworkNamespace(namespace.path, () => queryXdp("lo"));
  const programId = attached?.programId ?? 0;
  const { holders } = findHolders({ programId });
  expect(holders).toEqual([
    { by: "process", pid: child.pid, command: expect.stringContaining("--conditions=source"), held: expect.anything() },
  ]);
  const held = holders[0]?.held;
  expect(held).toEqual({ kind: "link", programId, linkId: expect.any(Number) });
  if (held?.kind === "link") expect(findHolders({ linkId: held.linkId })).toMatchObject({ holders });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(findHolders({ programId }).holders).toEqual([]);
});

test("pins of a program and of its link are found where they are", () => {
  using namespace = NetworkNamespace.create();
  using mount = new BpfMount();
  const [program, link] = [mount.file("program"), mount.file("link")];
  const programId = inNetworkNamespace(namespace.path, () => {
    using object = loadObject(spec);
    using attachment = attachXdp({ interface: "lo", program: programOf(object, "pass"), mode: "skb" });
    programOf(object, "pass");
    using attached = BpfProgram.byId(attachment.programId);
    attached.pin(program);
    attachment.pin(link);
    return attachment.programId;
  });
  const linkId = inNetworkNamespace(namespace.path, () => {
    using opened = XdpLink.open(link);
    return linkInfo(opened.descriptor).id;
  });
  const { holders } = findHolders({ programId });
  expect(holders).toHaveLength(2);
  expect(holders).toContainEqual({ by: "pin", path: program, held: { kind: "program", programId } });
  expect(holders).toContainEqual({ by: "pin", path: link, held: { kind: "link", linkId, programId } });
});

test("a program that netlink attached has no holder but its interface", () => {
  using namespace = NetworkNamespace.create();
  inNetworkNamespace(namespace.path, () => {
    const programId = (() => {
      using object = loadObject(spec);
      const program = programOf(object, "pass");
      const attachment = attachXdp({ interface: "lo", program, mode: "skb", by: "netlink" });
      attachment.release();
      return attachment.programId;
    })();
    expect(queryXdp("lo")).toMatchObject([{ programId }]);
    expect(findHolders({ programId }).holders).toEqual([]);
  });
});

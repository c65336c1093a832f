import { once } from "node:events";
import { createInterface } from "node:readline";
import { struct, u32, u64 } from "@weir/bytecode/layout";
import {
  attachIterator,
  attachSocketOperations,
  attachTcx,
  attachTracepoint,
  type BpfProgram,
  HashMap,
  inNetworkNamespace,
  loadObject,
} from "@weir/kernel";
import { NetworkNamespace, requirePath } from "@weir/laboratory";
import { expect, test } from "vitest";
import { ControlGroup } from "../../../kernel/test/fixtures/control-group.ts";
import { compileFixture } from "../fixture-programs.ts";

const GROUPS = ControlGroup.root();
const Flow = struct({ operations: u64, packets: u64 });

/** Connects to itself, sends, says its two ports, and closes when it is told to. */
const CONNECT = `
const { createServer, connect } = require("node:net");
const server = createServer((accepted) => {
  accepted.once("data", () => console.log(server.address().port, client.localPort));
  process.stdin.once("data", () => process.exit());
}).listen(0, "127.0.0.1", () => { client = connect(server.address().port, "127.0.0.1", () => client.write("x")); });
let client;
`;

test.skipIf(
  GROUPS === undefined ? requirePath("/sys/fs/cgroup/cgroup.procs", "mount control groups of version 2") : undefined,
)("a socket keeps its value until it is closed, whichever program asks", async () => {
  const { object } = compileFixture("socket-storage");
  const closed = object?.programs.get("closed");
  if (object === undefined || closed === undefined) throw new Error("socket-storage has mistakes");
  using namespace = NetworkNamespace.create({ ipv6: "off" });
  using group = new ControlGroup(GROUPS ?? "");
  using loaded = loadObject(object);
  const programOf = (name: string): BpfProgram => {
    const found = loaded.program(name);
    if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
    return found.program;
  };
  using operations = attachSocketOperations(programOf("operations"), group.path);
  using packets = inNetworkNamespace(namespace.path, () =>
    attachTcx({ interface: "lo", direction: "egress", program: programOf("packets") }),
  );
  using closing = attachTracepoint(programOf("closed"), closed);
  using show = attachIterator(programOf("show"));
  expect([operations, packets, closing]).toHaveLength(3);
  const script = `echo $$ > "$0/cgroup.procs" && exec "$1" -e "$2"`;
  const child = namespace.spawn("sh", ["-c", script, group.path, process.execPath, CONNECT], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.stdout === null || child.stdin === null) throw new Error("the process has no pipes");
  const [ports]: string[] = await once(createInterface(child.stdout), "line");
  const found = HashMap.of(loaded.map("FOUND"), { key: u32, value: Flow });
  inNetworkNamespace(namespace.path, () => show.read());
  const [server, client] = (ports ?? "").split(" ").map((port) => found.get(Number(port)));
  // Both have been established; the client has sent its acknowledgement, and one byte.
  expect(client?.operations).toBeGreaterThan(0n);
  expect(client?.packets).toBeGreaterThanOrEqual(2n);
  expect(server?.operations).toBeGreaterThan(0n);
  for (const [port] of found.entries()) found.delete(port);
  child.stdin.write("end\n");
  await once(child, "exit");
  inNetworkNamespace(namespace.path, () => show.read());
  expect([...found.entries()]).toEqual([]);
});

export { expectVerdict, type TestRunnable, VERDICTS, type Verdict } from "./expect-verdict.ts";
export { type CommandOptions, type CommandResult, runCommand, tryCommand } from "./namespace/command.ts";
export { type NamespaceOptions, NetworkNamespace } from "./namespace/network-namespace.ts";
export { type VethEnd, type VethOptions, vethPair } from "./namespace/veth-pair.ts";
export { internetChecksum } from "./packet/checksum.ts";
export { ethernet, Packet } from "./packet/packet.ts";
export { requirePath, requireRoot, requireTool } from "./requirements/require.ts";

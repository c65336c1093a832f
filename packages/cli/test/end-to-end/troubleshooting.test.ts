import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { network } from "./network.ts";
import { weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "setpriv");
const TEXT = readFileSync(new URL("../../../../docs/troubleshooting.md", import.meta.url), "utf8");

/** The failures that the document shows, by exit code: `$ weir …`, and what it prints. */
const shown = TEXT.split(/^## /m).flatMap((section) => {
  const [, command, printed] = /^```console\n\$ ([^\n]*)\n(.*?)^```$/ms.exec(section) ?? [];
  return command === undefined ? [] : { code: Number.parseInt(section, 10), command, printed };
});

/** What happens in the shell before the command, so that it fails. Silently, where it goes on beside it. */
const BEFORE: Readonly<Record<number, string>> = {
  3: 'weir="setpriv --bounding-set=-all --inh-caps=-all $weir"',
  6: "ip link set eth0 down",
  7: "{ until ip link show eth0 | grep -q xdp; do sleep 0.1; done; ip link delete eth0; } 2> /dev/null &",
  8: "weir attach eth0 > /dev/null; trap 'weir detach eth0 > /dev/null' EXIT",
  10: "weir attach eth0 > /dev/null; trap 'weir detach eth0 > /dev/null' EXIT",
  27: "weir attach eth0 > /dev/null; trap 'weir detach eth0 > /dev/null' EXIT",
  28: "weir attach eth0 > /dev/null; rm /sys/fs/bpf/weir/$(stat -L -c %i /proc/self/ns/net)/*/program-*/settings; trap 'weir detach eth0 > /dev/null' EXIT",
  32: [
    "$weir rules apply discard.yaml eth0 --confirm 30s > waiting 2>&1 & waiting=$!; trap 'kill $waiting; wait $waiting' EXIT",
    "until grep -q 'taken back' waiting; do sleep 0.1; done",
  ].join("\n"),
  30: "weir attach eth0 > /dev/null; trap 'weir detach eth0 > /dev/null' EXIT",
  23: "ip link add out0 type veth peer name out1; ip link set out0 up; ip link set out1 up",
  20: "ip tuntap add tun0 mode tun",
  24: "echo 1 > /proc/sys/net/ipv4/ip_forward",
  18: 'for at in $(which -a ip); do mount --bind /dev/null "$at"; done; PATH=/nowhere',
};

describe.skipIf(missing)("the failures that docs/troubleshooting.md shows", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "weir-failures-"));
    for (const [name, content] of Object.entries(captures)) writeFileSync(join(directory, name), content);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test.each(shown)("$code: $command", ({ code, command, printed }) => {
    using net = network({ names: ["eth0", "veth0"] });
    const script = ['weir="$*"', 'weir() { $weir "$@"; }', `cd ${directory}`, BEFORE[code], command].join("\n");
    const [node, words] = weirWords([]);
    // Where the tools are hidden, they shall be hidden from this command alone.
    const mounts = code === 18 ? ["unshare", "--mount"] : [];
    const [shell = "", ...all] = [...mounts, "sh", "-c", script, "sh", node, ...words];
    const result = net.near.try(shell, all);
    expect(withoutNumbers(result.stderr)).toBe(withoutNumbers(printed ?? ""));
    expect(result.code).toBe(code);
  });
});

/** Ids of programs differ from run to run. */
function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, "0");
}

/** The files that the document's commands read. Captures have a pcap header, and one record of which too much is claimed. */
function capture(linkType: number, length: number): Uint8Array {
  const words = new Uint32Array([0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, linkType, 0, 0, length, length]);
  return Buffer.concat([new Uint8Array(words.buffer), Buffer.alloc(34)]);
}
const captures = {
  "wrong.yaml": "interfaces: [eth0]\ntops: 1\nlisten: 192.0.2.1\n",
  "services.yaml":
    "services: [{ name: web, address: 203.0.113.1, protocol: tcp, port: 80, backends: [{ address: 198.51.100.1 }] }]\n",
  "wrong.bpf.ts":
    'import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";\n\nexport const drop_short = xdp((packet) => packet.size < 60 ? XDP_DROP : XDP_PASS);\n',
  "discard.yaml": "rules: [ { name: discard, match: udp and dst port 9, action: drop } ]\n",
  "quiet.yaml": "rules: [ { name: quiet, match: arp, action: drop } ]\n",
  "empty.pcap": "",
  "notes.txt": "hello",
  "cut.pcap": capture(1, 60),
  "damaged.pcap": capture(1, 0x7fff_ffff),
  "cooked.pcap": capture(113, 34),
};

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePcap } from "./pcap-file.ts";
import { weirWords } from "./weir.ts";

describe.skipIf(requireTool("tcpdump", "setpriv"))("weir match", () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-match-"));
  const path = join(folder, "some.pcap");
  beforeAll(() => {
    const udp = (port: number) => ethernet().ipv4().udp({ sourcePort: 5000, destinationPort: port }).toBytes();
    writePcap(path, [53, 80, 53, 123].map(udp));
    // The command runs as nobody.
    chmodSync(folder, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (words: readonly string[], input?: Uint8Array) => {
    const [node, all] = weirWords(["match", ...words]);
    // Without any privilege.
    const dropped = ["--reuid", "65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", node, ...all];
    const { status, stdout, stderr } = spawnSync("setpriv", dropped, { input, encoding: "utf8" });
    return { status, stdout, stderr };
  };

  test("counts the frames that match, or lists them", () => {
    expect(run([path, "udp and dst port 53"])).toEqual({ status: 0, stdout: "2\n", stderr: "" });
    expect(run([path, "udp and dst port 53", "--count"]).stdout).toBe("2\n");
    expect(run([path, "not port 53", "--frames"]).stdout).toBe("2\n4\n");
    expect(run([path, ""]).stdout).toBe("4\n");
    expect(run([path, "arp"]).stdout).toBe("0\n");
    expect(run([path, "arp", "--frames"]).stdout).toBe("");
  });

  test("reads what tcpdump writes into a pipe", () => {
    const { stdout } = spawnSync("tcpdump", ["-r", path, "-w", "-", "port 53"]);
    expect(run(["-", "src portrange 1-65535", "--frames"], stdout).stdout).toBe("1\n2\n");
  });

  test("a mistake in the expression is told before the file is opened", () => {
    const { status, stdout, stderr } = run(["nowhere.pcap", "tcp port"]);
    expect({ status, stdout }).toEqual({ status: 29, stdout: "" });
    expect(stderr).toBe(
      "weir: an address, number or name is missing, where the expression ends\n  tcp port\n          ^\n",
    );
  });

  test("sets are part of rules, and there are none here", () => {
    const { status, stdout, stderr } = run([path, "udp and src in @blocklist"]);
    expect({ status, stdout }).toEqual({ status: 29, stdout: "" });
    expect(stderr).toBe(
      "weir: there is no set @blocklist here: sets are part of a rules file\n" +
        "  udp and src in @blocklist\n" +
        "              ^~~~~~~~~~~~~\n" +
        "  Write the addresses or ports with or.\n",
    );
  });

  test("what is wrong with the file has its own exit code, also after frames that match", () => {
    writeFileSync(join(folder, "cut.pcap"), readFileSync(path).subarray(0, -5));
    const { status, stdout, stderr } = run([join(folder, "cut.pcap"), "udp", "--frames"]);
    expect({ status, stdout }).toEqual({ status: 15, stdout: "1\n2\n3\n" });
    expect(stderr).toContain("cut.pcap");
    expect(run(["nowhere.pcap", "udp"]).status).toBe(12);
    expect(run([path, "udp", "--frames", "--count"]).status).toBe(2);
  });
});

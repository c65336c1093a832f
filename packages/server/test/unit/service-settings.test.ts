import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@weir/config";
import { describe, expect, onTestFinished, test } from "vitest";
import { serviceConfig } from "../../src/service-config.ts";
import { serviceSettings } from "../../src/service-settings.ts";

function tokenFile(text: string, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), "weir-token-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "token");
  writeFileSync(file, text, { mode });
  return file;
}

describe("the settings of a service", () => {
  test("have defaults", () => {
    expect(serviceSettings({ interfaces: ["eth0", { name: "eth1", mode: "skb" }] })).toEqual({
      interfaces: [
        { name: "eth0", mode: "auto" },
        { name: "eth1", mode: "skb" },
      ],
      listen: { host: "127.0.0.1", port: 9435 },
      token: undefined,
      top: 50,
      interval: 1,
      connections: 10_240,
      idle: 60,
      statistics: true,
      sample: undefined,
      budget: undefined,
    });
  });

  test("may be open to others with a token, or when that is said", () => {
    const open = { interfaces: ["eth0"], listen: "0.0.0.0:9435" };
    const token_file = tokenFile("abcdefghijklmnop\n");
    expect(() => serviceSettings(open)).toThrow("can be reached from other machines");
    expect(serviceSettings({ ...open, insecure: true }).token).toBeUndefined();
    expect(serviceSettings({ ...open, token_file }).token).toBe("abcdefghijklmnop");
  });

  test.for([
    [{}, "there is no interface to watch"],
    [{ interfaces: ["eth0", "eth1", "eth0"] }, "interface eth0 is named twice"],
    [{ interfaces: ["eth0", "veth*"] }, "veth* is a pattern, which weir serve does not take"],
    [{ interfaces: ["eth0"], sample: "1/2", budget: "5%" }, "sample and budget exclude each other"],
    [{ interfaces: ["eth0"], listen: "weir.example:80" }, 'cannot listen on "weir.example:80"'],
  ] as const)("cannot be %j", ([config, message]) => {
    expect(() =>
      serviceSettings({ ...config, interfaces: "interfaces" in config ? [...config.interfaces] : undefined }),
    ).toThrow(expect.objectContaining({ code: "WEIR_CONFIG", message: expect.stringContaining(message) }));
  });

  test("refuse a token that is short, has spaces, or lies open", () => {
    const settings = (token_file: string) => () => serviceSettings({ interfaces: ["eth0"], token_file });
    expect(settings(tokenFile("short"))).toThrow("at least 16");
    expect(settings(tokenFile("two words of a token"))).toThrow("without spaces");
    expect(settings(tokenFile("abcdefghijklmnop", 0o644))).toThrow("everybody can read");
    expect(settings("/dev/zero")).toThrow("is no small file");
    expect(settings("/no/such/token")).toThrow(expect.objectContaining({ code: "WEIR_FILE" }));
  });
});

describe("the configuration of a service", () => {
  test("that the documentation shows is one", () => {
    const text = readFileSync(new URL("../../../../docs/serve.md", import.meta.url), "utf8");
    const [, example = ""] = /^```yaml\n(# \/etc\/weir.*?)^```$/ms.exec(text) ?? [];
    expect(serviceSettings(parseConfig(example, "weir.yaml", serviceConfig)).interfaces).toEqual([
      { name: "eth0", mode: "auto" },
      { name: "eth1", mode: "skb" },
    ]);
  });

  test.for([
    ["listen: 1.2.3.4", /weir.yaml:1:9: listen: "1.2.3.4" is not an address to listen on/],
    ["interfaces: []", /weir.yaml:1:13: interfaces: Too small/],
    [
      "interfaces:\n - name: eth0\n   mod: skb",
      /weir.yaml:3:4: interfaces\[0\]: unknown key "mod"; known here: name, mode/,
    ],
    ["interval: 0", /weir.yaml:1:11: interval: Too small/],
    ["sample: 1/0", /weir.yaml:1:9: sample: one of N packets is 1\/N/],
    ["budget: 5", /weir.yaml:1:9: budget: Invalid input: expected string/],
    ["top: 1.5", /weir.yaml:1:6: top: Invalid input: expected int/],
    ["tops: 1", /unknown key "tops"; known here: interfaces, mode, listen, token_file, insecure, top, /],
  ] as const)("%j is refused", ([text, message]) => {
    expect(() => parseConfig(text, "weir.yaml", serviceConfig)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message) }),
    );
  });
});

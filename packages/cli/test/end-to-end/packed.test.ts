import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, constants, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { requirePath, requireRoot, requireTool, tryCommand } from "@weir/laboratory";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll } from "../../../../scripts/pack.ts";
import { linkText, network, WATCHED } from "./network.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const missing =
  requireRoot() ??
  requireTool("ip", "nsenter", "setpriv") ??
  requirePath(`${ROOT}packages/cli/dist/main.cjs`, "npm run build");

/** Somebody without rights. What npm has fetched for them stays for the next run. */
const NOBODY = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"];
const CACHE = join(tmpdir(), "weir-npm-cache");

describe.skipIf(missing)("the packages, packed and installed", () => {
  let folder: string;
  let tarballs: ReadonlyMap<string, string>;
  let environment: Record<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-packed-"));
    for (const each of ["packages", "home", "bin", "weir"]) mkdirSync(join(folder, each));
    chmodSync(folder, 0o755);
    tarballs = packAll(join(folder, "packages"));
    // This Node may lie where only root can go.
    copyFileSync(process.execPath, join(folder, "bin/node"), constants.COPYFILE_FICLONE);
    mkdirSync(CACHE, { recursive: true });
    execFileSync("chown", ["-R", "nobody", CACHE, join(folder, "home")]);
    const npm = dirname(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
    // The way to the registry may be told there; what vitest and npm say to their own processes is not for others.
    const outer = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|VITEST|NODE_OPTIONS|NODE_ENV|TEST$)/.test(name),
    );
    environment = {
      ...Object.fromEntries(outer.map(([name, value = ""]) => [name, value])),
      PATH: [join(folder, "bin"), npm, "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(delimiter),
      HOME: join(folder, "home"),
      npm_config_cache: CACHE,
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_prefer_offline: "true",
      npm_config_update_notifier: "false",
      NO_COLOR: "1",
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const asNobody = (script: string): string =>
    execFileSync("setpriv", [...NOBODY, "sh", "-ec", `cd "$HOME"\n${script}`], {
      env: environment,
      encoding: "utf8",
      timeout: 100_000,
    });

  test("are what publint takes for sound, and refer to nothing that is not in them", async () => {
    expect([...tarballs.keys()].sort()).toEqual([
      "@weir/bytecode",
      "@weir/codegen",
      "@weir/compiler",
      "@weir/config",
      "@weir/engine",
      "@weir/kernel",
      "@weir/pcap-filter",
      "@weir/programs",
      "@weir/rules",
      "@weir/server",
      "@weir/testing",
      "weir",
    ]);
    for (const [name, file] of tarballs) {
      const target = join(folder, "weir", name.replace("/", "-"));
      mkdirSync(target);
      execFileSync("tar", ["-xzf", file, "-C", target]);
      const { messages } = await publint({ pkgDir: join(target, "package"), pack: false });
      expect(messages).toEqual([]);
      const manifest = readFileSync(join(target, "package/package.json"), "utf8");
      expect(manifest).not.toMatch(/"source"|devDependencies|laboratory/);
    }
  });

  test("make a project whose tests pass without root, and whose program runs on an interface", {
    timeout: 240_000,
  }, async () => {
    // The command of the package, as npx would run it.
    const weir = join(folder, "weir/weir/package/bin/weir.cjs");
    expect(asNobody(`id -un; node ${weir} new dropper`)).toMatch(/^nobody\nMade dropper: /);
    asNobody(`cd dropper; npm install --loglevel error --save-dev ${[...tarballs.values()].join(" ")}; npm install`);
    expect(asNobody("cd dropper; npm test")).toMatch(/Tests +3 passed \(3\)/);
    expect(asNobody("cd dropper; npm run check; npx weir build src/kernel/drop-port.bpf.ts")).toContain(
      "→ drop-port.o",
    );
    expect(asNobody("cd dropper; npx weir inspect drop-port.o")).toMatch(
      /^; drop-port\.bpf\.ts:\d+:\d+ {2}export const/m,
    );

    using net = network();
    const words = [
      "weir",
      "run",
      "src/kernel/drop-port.bpf.ts",
      WATCHED,
      "--set",
      "port=5353",
      "--duration",
      "5",
      "--json",
    ];
    const running = net.near.spawn("npx", words, {
      cwd: join(folder, "home/dropper"),
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(running, "close");
    let printed = "";
    running.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const begins = printed === "";
      printed += text;
      // The first line says that it is attached.
      const send = "for n in 1 2 3 4 5; do echo > /dev/udp/192.0.2.1/5353; echo > /dev/udp/192.0.2.1/53; done";
      if (begins) net.far.run("bash", ["-c", send]);
    });
    expect(await ended).toEqual([0, null]);
    const last = JSON.parse(printed.trim().split("\n").at(-1) ?? "");
    expect(last.maps.DROPPED.entries).toMatchObject([{ key: 0, value: { packets: 5 } }]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("say what is missing where the compiler is not installed, and do the rest", () => {
    // Of weir and its dependencies nothing but what is packed: no compiler anywhere above.
    const alone = join(folder, "weir/weir/package/bin/weir.cjs");
    const result = tryCommand(join(folder, "bin/node"), [alone, "build", "drop.bpf.ts"], { environment });
    expect(result.code).toBe(18);
    expect(result.stderr).toContain("npm install --save-dev @weir/compiler");
    expect(tryCommand(join(folder, "bin/node"), [alone, "--help"], { environment }).code).toBe(0);
  });
});

import { requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { weir, weirWords } from "./weir.ts";

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("weir attach", () => {
  test("counts on without a process, until detach", async () => {
    using net = network();
    const attached = weir(["attach", WATCHED], net.near);
    expect(attached).toMatchObject({ code: 0, stderr: "" });
    expect(attached.stdout).toMatch(new RegExp(`^Attached to ${WATCHED} in mode drv as program \\d+\\.`));
    expect(linkText(net.near)).toMatch(/ xdp /);
    await sendUdp(net.far, 25);

    const json = weir(["stats", WATCHED, "--json"], net.near);
    expect(JSON.parse(json.stdout)).toMatchObject({ interface: WATCHED, mode: "drv", counters: { udp: 25 } });
    expect(weir(["stats", WATCHED], net.near).stdout).toMatch(/^udp +192\.0\.2\.2:20000 +192\.0\.2\.1:7 +25 /m);
    expect(JSON.parse(weir(["status", "--json"], net.near).stdout).attached).toMatchObject([
      { interface: WATCHED, mode: "drv" },
    ]);
    expect(weir(["check", WATCHED], net.near)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("every frame is accounted for"),
    });
    expect(weir(["attach", WATCHED], net.near)).toMatchObject({ code: 10 });
    expect(weir(["watch", WATCHED], net.near)).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("xdp_packet_moni"),
    });

    expect(weir(["detach", WATCHED], net.near)).toMatchObject({ code: 0, stdout: `Detached from ${WATCHED}.\n` });
    expect(linkText(net.near)).not.toContain("xdp");
    expect(weir(["detach", WATCHED], net.near)).toMatchObject({ code: 11 });
    expect(weir(["stats", WATCHED], net.near)).toMatchObject({ code: 11 });
    expect(weir(["status"], net.near)).toMatchObject({ code: 0, stdout: "weir is attached to no interface.\n" });
  });

  test("is found again after ip netns exec, which has mounts of its own", () => {
    using net = network();
    const [command, words] = weirWords(["attach", WATCHED]);
    runCommand("ip", ["netns", "exec", net.near.name, command, ...words]);
    expect(weir(["stats", WATCHED, "--json"], net.near)).toMatchObject({ code: 0, stderr: "" });
    expect(weir(["detach", WATCHED], net.near)).toMatchObject({ code: 0 });
    expect(linkText(net.near)).not.toContain("xdp");
  });
});

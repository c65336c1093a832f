import { once } from "node:events";
import { requireRoot, requireTool } from "@weir/laboratory";
import { expect, test } from "vitest";
import { linkText, network, WATCHED } from "./network.ts";
import { weirWords } from "./weir.ts";

test.skipIf(requireRoot() ?? requireTool("ip", "nsenter", "script"))(
  "in a terminal, watch redraws, ends at Ctrl-C with 0, and gives the terminal back",
  async () => {
    using net = network();
    const [command, words] = weirWords(["watch", WATCHED, "--interval", "0.1"]);
    // `script` makes a terminal and tells how the command in it ended; Ctrl-C is a character there.
    const quoted = [command, ...words].map((word) => `'${word}'`).join(" ");
    const line = `stty cols 80 rows 24; exec ${quoted}`;
    const terminal = net.near.spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    let text = "";
    let ended = false;
    terminal.stdout?.on("data", (chunk) => {
      text += chunk;
      if (ended || text.split("\x1b[?2026l").length < 4) return;
      // Three frames were drawn. Once is enough: a second Ctrl-C would not wait for a clean end.
      ended = true;
      terminal.stdin?.write("\x03");
    });
    const [code] = await once(terminal, "close");
    expect(code).toBe(0);
    const [before, after] = text.split("\x1b[?1049l");
    expect(before).toContain("\x1b[?1049h\x1b[?25l");
    expect(before).toContain("Ctrl-C ends");
    expect(after).toContain(WATCHED);
    expect(linkText(net.near)).not.toContain("xdp");
  },
);

test.skipIf(requireRoot() ?? requireTool("ip", "nsenter", "script"))(
  "in a terminal, an interface that goes leaves a line, and what happened is told once more at the end",
  async () => {
    using net = network();
    const [command, words] = weirWords(["watch", WATCHED, "--interval", "0.1"]);
    const quoted = [command, ...words].map((word) => `'${word}'`).join(" ");
    const line = `stty cols 120 rows 24; exec ${quoted}`;
    const terminal = net.near.spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    let text = "";
    let step: "watched" | "removed" | "ended" = "watched";
    terminal.stdout?.on("data", (chunk) => {
      text += chunk;
      if (step === "watched" && text.split("\x1b[?2026l").length > 3) {
        step = "removed";
        net.near.run("ip", ["link", "delete", WATCHED]);
      }
      if (step === "removed" && text.includes(`No interface ${WATCHED} now; it is watched as soon as there is one.`)) {
        step = "ended";
        terminal.stdin?.write("\x03");
      }
    });
    const [code] = await once(terminal, "close");
    expect(code).toBe(7);
    const [before, after] = text.split("\x1b[?1049l");
    const told = `weir: ${WATCHED} was removed; it is watched again when it is back`;
    expect(before).toContain(told);
    expect(after).toContain(told);
  },
);

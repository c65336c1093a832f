import type { Answer, DetectedInterface, DetectedKernel, DetectedProgram, Detection, Need, Trial } from "@weir/engine";
import { pad, tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { plural } from "../text/units.ts";
import { wrapWords } from "../text/wrap.ts";
import type { Look } from "./look.ts";

/** A line of a description: a word, and what there is to say. */
type Entry = readonly [title: string, text: string];

const TITLE = 13;

/** What was found out, for people: a paragraph for each interface, and one for the kernel. */
export function detectionText({ kernel, interfaces }: Detection, look: Look): string[] {
  return [
    ...(interfaces.length > 1 ? [...summary(interfaces, look), ""] : []),
    ...interfaces.flatMap((each) => [...interfaceText(each, look), ""]),
    ...kernelText(kernel, look),
  ];
}

/** All interfaces, one in a row. */
function summary(interfaces: readonly DetectedInterface[], look: Look): string[] {
  const column = (title: string, cell: (found: DetectedInterface) => string) => {
    return { title, align: "left" as const, cells: interfaces.map(cell) };
  };
  const mark = (title: string, answer: (found: DetectedInterface) => Answer) =>
    column(title, (found) => MARKS[answer(found).answer]);
  const { titles, rows } = tableLines([
    column("INTERFACE", ({ name }) => printable(name)),
    column("KIND", ({ kind }) => printable(kind)),
    column("DRIVER", ({ driver }) => printable(driver?.name ?? "")),
    mark("NATIVE", ({ xdp }) => xdp.native),
    mark("REDIRECT", ({ xdp }) => xdp.redirect),
    mark("FRAGS", ({ xdp }) => xdp.frags),
    mark("ZERO-COPY", ({ xdp }) => xdp.zeroCopy),
    column("USE", ({ recommendation }) => recommendation.monitor.mode ?? ""),
    column("ATTACHED", ({ attached }) =>
      attached.map(({ name = "?", mode }) => `${printable(name)} (${mode})`).join(", "),
    ),
  ]);
  return [look.style("dim", titles), ...rows];
}

function interfaceText(found: DetectedInterface, look: Look): string[] {
  const { name, recommendation, trials = [] } = found;
  const { monitor, redirect, changes } = recommendation;
  const advice: Entry[] = [["use", modeText(monitor.mode, monitor.reason)]];
  if (redirect.mode !== monitor.mode) advice.push(["to redirect", modeText(redirect.mode, redirect.reason)]);
  return [
    look.style("bold", [printable(name), headline(found)].join("  ")),
    ...entries([...advice, ...interfaceEntries(found), ...trials.map(trialEntry)], look),
    ...changes.flatMap(({ why, commands, needed, interrupts }) => [
      ...entries([[needed ? "first" : "better", printable(why)]], look),
      ...commands.map((command) => `${" ".repeat(TITLE + 2)}${look.style("cyan", `$ ${printable(command)}`)}`),
      ...(interrupts
        ? entries(
            [
              [
                "",
                `the driver may reset the card for it: packets are lost for a moment, and a remote session over ${printable(name)} may end`,
              ],
            ],
            look,
          )
        : []),
    ]),
  ];
}

function headline({ kind, driver, parent, up, carrier, mtu }: DetectedInterface): string {
  const version = driver?.version === undefined ? "" : ` ${printable(driver.version)}`;
  const state = up ? (carrier ? "up" : "up, no link") : "down";
  return [
    printable(kind),
    ...(driver === undefined ? [] : [`driver ${printable(driver.name)}${version}`]),
    ...(parent === undefined ? [] : [`at ${printable(`${parent.bus ?? "device"} ${parent.name}`)}`]),
    state,
    `MTU ${mtu}`,
  ].join(", ");
}

function modeText(mode: string | undefined, reason: string): string {
  return `${mode ?? "nothing"}: ${printable(reason)}`;
}

function interfaceEntries(found: DetectedInterface): Entry[] {
  const { xdp, channels, rings, receiveQueues, transmitQueues, offloads, attached } = found;
  const mark = (what: string, { answer }: Answer) => `${what} ${MARKS[answer]}`;
  const features = [
    mark("native", xdp.native),
    mark("redirect", xdp.redirect),
    `${mark("redirected to", xdp.redirectTarget)} (${mark("with frags", xdp.redirectTargetFrags)})`,
    mark("frags", xdp.frags),
    mark("zero-copy", xdp.zeroCopy),
    mark("offload", xdp.offload),
  ];
  const segments =
    xdp.zeroCopySegments === undefined ? "" : `; zero-copy frames of ${plural(xdp.zeroCopySegments, "buffer")} at most`;
  const metadata = xdp.metadata?.length ? `; metadata ${xdp.metadata.join(", ")}` : "";
  const sockets = xdp.socketFeatures?.length ? `; for sockets ${xdp.socketFeatures.join(", ")}` : "";
  const counts = [
    ["combined", channels?.combined],
    ["receive", channels?.receive],
    ["transmit", channels?.transmit],
  ] as const;
  const inUse = counts.flatMap(([what, count]) =>
    count ? [`${count.count} of ${count.largest} ${what} channels`] : [],
  );
  const sizes = [
    ["receive", rings?.receive],
    ["transmit", rings?.transmit],
  ] as const;
  const ringSizes = sizes.flatMap(([what, ring]) => (ring ? [`${what} ring ${ring.size} of ${ring.largest}`] : []));
  if (rings?.tcpDataSplit === true) ringSizes.push("headers and data of TCP in buffers of their own");
  const queues = inUse.length > 0 ? inUse : [`${receiveQueues} receive and ${transmitQueues} transmit queues`];
  return [
    ["XDP", `${features.join(", ")}${segments}${metadata}${sockets} (${SOURCES[xdp.source]}${cited(xdp.citation)})`],
    ["queues", [...queues, ...ringSizes].join(", ")],
    ...mtuEntries(found),
    ...(offloads === undefined
      ? []
      : [
          [
            "offloads",
            offloads
              .filter(({ active, changeable }) => active || changeable)
              .map(({ name, active, changeable }) => `${name} ${active ? "on" : "off"}${changeable ? "" : " fixed"}`)
              .join(", "),
          ] as const,
        ]),
    ...(found.unanswered ?? []).map(({ question, reason }): Entry => ["unknown", printable(`${question}: ${reason}`)]),
    ...(attached.length === 0 ? [["attached", "nothing"] as const] : attached.map(programEntry)),
  ];
}

const MARKS = { yes: "yes", no: "no", unknown: "?" } as const;
const SOURCES = {
  kernel: "the kernel says so",
  table: "the kernel does not tell; from what is known of the driver",
  unknown: "the kernel does not tell, and weir does not know the driver",
} as const;

/** The largest MTU for programs with frags and without. */
function mtuEntries({ singleBufferMtu, singleBufferMtuSource, fragsMtu }: DetectedInterface): Entry[] {
  const limits = [
    ...(singleBufferMtu === undefined ? [] : [`up to ${singleBufferMtu} in one buffer (${singleBufferMtuSource})`]),
    ...(fragsMtu === undefined ? [] : [`up to ${fragsMtu} for programs with frags`]),
  ];
  return limits.length === 0 ? [] : [["MTU for drv", limits.join(", ")]];
}

function cited(source: string | undefined): string {
  return source === undefined ? "" : `: ${source}`;
}

function programEntry({ mode, programId, name = "?", tag, by, linkId, holders }: DetectedProgram): Entry {
  const how = by === undefined ? "" : by === "netlink" ? ", by netlink" : `, by link ${linkId}`;
  const who = holders.map((holder) =>
    holder.by === "pin" ? `pinned at ${holder.path}` : `held by process ${holder.pid} (${holder.command})`,
  );
  const held = who.length === 0 ? "" : `; ${[...new Set(who)].join("; ")}`;
  return ["attached", printable(`"${name}" in mode ${mode}, program ${programId}, tag ${tag ?? "?"}${how}${held}`)];
}

function trialEntry({ mode, frags, outcome, reason }: Trial): Entry {
  const what = frags ? `${mode} with frags` : mode;
  // The kernel's answer; what to do is said elsewhere.
  const why = reason === undefined ? "" : `: ${printable(reason.split("\n")[0] ?? "")}`;
  return ["tried", `${what} ${outcome}${why}`];
}

function kernelText(kernel: DetectedKernel, look: Look): string[] {
  const { release, architecture, cpus, types, compiled, lockdown, unprivileged, bpfFileSystem, needs } = kernel;
  return [
    look.style("bold", `kernel  Linux ${printable(release)}, ${architecture}, ${plural(cpus, "CPU")}`),
    ...entries(
      [
        ["types (BTF)", answerText(types)],
        ["compiled", answerText(compiled)],
        ["lockdown", lockdown ?? "the kernel does not tell"],
        [
          "unprivileged",
          unprivileged.answer === "yes" ? "processes without CAP_BPF may load some programs" : answerText(unprivileged),
        ],
        [
          "pins",
          bpfFileSystem ? "there is a BPF file system" : "no BPF file system is mounted; weir attach mounts one",
        ],
        ["this process", processText(kernel)],
        ...needEntries(needs),
      ],
      look,
    ),
  ];
}

function processText({ missingCapabilities: missing, inUserNamespace }: DetectedKernel): string {
  if (inUserNamespace) {
    return "is in a user namespace, such as a rootless container: its capabilities count there alone, and not for programs; run weir outside of it";
  }
  return missing.length === 0 ? "has the capabilities that weir needs" : `lacks ${missing.join(", ")}`;
}

/** What is there in one line, each that is not in one of its own. */
function needEntries(needs: readonly Need[]): Entry[] {
  const there = needs.filter(({ available }) => available.answer === "yes");
  const rest = needs.filter(({ available }) => available.answer !== "yes");
  return [
    ["has", there.map(({ name }) => name).join(", ") || "nothing that weir asked for"],
    ...rest.map(({ name, available, for: commands }): Entry => {
      const title = available.answer === "no" ? "lacks" : "may have";
      return [title, `${name}, for ${commands.join(", ")}: ${answerText(available)}`];
    }),
  ];
}

function answerText(answer: Answer): string {
  return answer.answer === "yes" ? "yes" : printable(`${answer.answer}: ${answer.reason}`);
}

/** Titles in a column, texts in lines that fit. */
function entries(list: readonly Entry[], { columns, style }: Look): string[] {
  return list.flatMap(([title, text], index) => {
    const shown = title === list[index - 1]?.[0] ? "" : title;
    return wrapWords(text, Math.max(20, columns - TITLE - 2)).map((line, row) => {
      const head = pad(row === 0 ? shown : "", TITLE, "left");
      return `  ${style("dim", head)}${line}`;
    });
  });
}

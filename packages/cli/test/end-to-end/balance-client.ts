import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { NetworkNamespace } from "@weir/laboratory";
import { ECHO_PORT, HTTP_PORT } from "./balance-network.ts";

/** Keeps connections open; for each line that it reads, it asks once over each and prints who answered. */
const CLIENT = `
  import { connect } from "node:net"; import { createInterface } from "node:readline";
  const [host, port, count] = process.argv.slice(1);
  const sockets = await Promise.all(Array.from({ length: Number(count) }, () => new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.setNoDelay(); socket.setEncoding("utf8");
    socket.once("connect", () => resolve(socket)); socket.once("error", () => resolve(socket));
    setTimeout(() => { if (socket.connecting) socket.destroy(); resolve(socket); }, 3000);
  })));
  const ask = (socket) => new Promise((resolve) => {
    let text = "";
    const end = (answer) => {
      clearTimeout(timer); socket.off("data", data); socket.off("close", closed); socket.off("error", failed); resolve(answer);
    };
    const data = (part) => { text += part; const name = /backend\\d/.exec(text); if (name) end(name[0]); };
    const closed = () => end("closed");
    const failed = (error) => end(error.code);
    const timer = setTimeout(() => end("silent"), 3000);
    socket.on("error", () => {});
    if (socket.destroyed) return end("closed");
    socket.on("data", data); socket.on("close", closed); socket.on("error", failed);
    socket.write("GET / HTTP/1.1\\r\\nHost: service\\r\\n\\r\\n");
  });
  process.stdout.write("open\\n");
  for await (const line of createInterface({ input: process.stdin })) process.stdout.write(JSON.stringify(await Promise.all(sockets.map(ask))) + "\\n");
`;

/** Connections of a client to a service that stay open. */
export class OpenConnections implements Disposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(process: ChildProcess) {
    if (process.stdout === null) throw new Error("the client has no output");
    this.#process = process;
    this.#reader = createInterface({ input: process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async open(client: NetworkNamespace, host: string, count: number): Promise<OpenConnections> {
    const words = ["--input-type=module", "-e", CLIENT, "--", host, String(HTTP_PORT), String(count)];
    const opened = new OpenConnections(client.spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] }));
    await opened.#lines.next();
    return opened;
  }

  /** Asks once over each connection: who answered, or what happened. */
  async ask(): Promise<string[]> {
    this.#process.stdin?.write("\n");
    const { value } = await this.#lines.next();
    // What the script above prints.
    return JSON.parse(value ?? "[]") as string[];
  }

  [Symbol.dispose](): void {
    this.#reader.close();
    this.#process.kill("SIGKILL");
  }
}

/** Opens so many connections one after the other, and closes each; who answered. */
export async function askOnce(client: NetworkNamespace, host: string, count: number): Promise<string[]> {
  using connections = await OpenConnections.open(client, host, count);
  return await connections.ask();
}

/** Sends a datagram from so many sockets; who answered, or "silent". */
export async function askUdp(client: NetworkNamespace, host: string, count: number, bytes = 4): Promise<string[]> {
  const script = `
    import { createSocket } from "node:dgram";
    const answers = await Promise.all(Array.from({ length: ${count} }, () => new Promise((resolve) => {
      const socket = createSocket(${JSON.stringify(host.includes(":") ? "udp6" : "udp4")});
      const timer = setTimeout(() => { socket.close(); resolve("silent"); }, 3000);
      socket.once("message", (message) => { clearTimeout(timer); socket.close(); resolve(String(message)); });
      socket.once("error", (error) => resolve(error.code));
      socket.connect(${ECHO_PORT}, ${JSON.stringify(host)}, () => socket.send("x".repeat(${bytes})));
    })));
    process.stdout.write(JSON.stringify(answers));`;
  const child = client.spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout?.on("data", (part) => {
    text += part;
  });
  await once(child, "close");
  return JSON.parse(text) as string[];
}

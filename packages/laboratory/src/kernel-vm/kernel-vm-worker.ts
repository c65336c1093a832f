import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PoolOptions, PoolWorker, WorkerRequest, WorkerResponse } from "vitest/node";
import { LEFT_OUT_FILE } from "../requirements/left-out.ts";
import type { KernelVm } from "./kernel-vm.ts";
import { KERNEL_VM_SCRIPT, knownDevices } from "./kernel-vm-script.ts";
import { encodeMessage, MessageDecoder } from "./message-stream.ts";

const GUEST = join(import.meta.dirname, "guest.ts");
/** Seconds: when tests that hang end with their machine. */
const PATIENCE = "900";

type Listener = (...values: unknown[]) => void;

/** Runs Vitest's worker in a virtual machine with another kernel: files are compiled here, and what they test is there. */
export class KernelVmWorker implements PoolWorker {
  readonly name: string;
  /** Modules go through the channel, not through files that this machine writes meanwhile. */
  readonly cacheFs = false;
  readonly #vm: KernelVm;
  readonly #options: PoolOptions;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #folder = mkdtempSync(join(tmpdir(), "weir-kernel-vm-"));
  #process: ChildProcess | undefined;
  #socket: Socket | undefined;
  #isStarted = false;
  readonly #waiting: WorkerRequest[] = [];
  #output = "";

  constructor(name: string, vm: KernelVm, options: PoolOptions) {
    this.name = name;
    this.#vm = vm;
    this.#options = options;
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  /**
   * Vitest waits a minute for a worker to start, and an emulated machine may take longer where others use the processor: so it is
   * told at once, and what to run waits until the machine says the same. A machine that goes away has nothing to tidy up.
   */
  send(message: WorkerRequest): void {
    if (message.type === "stop") this.#respond("stopped");
    else if ((message.type === "run" || message.type === "collect") && !this.#isStarted) this.#waiting.push(message);
    else this.#socket?.write(encodeMessage(message));
    if (message.type === "start") this.#respond("started");
  }

  deserialize(message: unknown): unknown {
    return message;
  }

  /** Starts the machine, and waits for its end of the channel. */
  async start(): Promise<void> {
    const path = join(this.#folder, "channel");
    const server = createServer().listen(path);
    await once(server, "listening");
    const connection = once(server, "connection");
    this.#process = this.#boot(path);
    const ended = once(this.#process, "close").then(() => {
      throw new Error(`Linux ${this.#vm.kernel} did not start:\n${this.#output}`);
    });
    // `once` gives the arguments of the event.
    const [socket] = (await Promise.race([connection, ended])) as [Socket];
    ended.catch(() => {});
    server.close();
    this.#listen(socket);
  }

  async stop(): Promise<void> {
    const running = this.#process;
    if (running?.pid !== undefined && running.exitCode === null && running.signalCode === null) {
      const end = once(running, "close");
      // The script, and the machine that it started.
      process.kill(-running.pid, "SIGTERM");
      await end;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #boot(channel: string): ChildProcess {
    const { kernel, devices = [], modules = [] } = this.#vm;
    const { env, execArgv } = this.#options;
    const leftOut = process.env[LEFT_OUT_FILE];
    // All that Vitest and the project add to the environment; the rest is about this machine.
    const added = Object.entries(env).filter(([name, value]) => value !== undefined && process.env[name] !== value);
    const variables = [...added, ...(leftOut ? [[LEFT_OUT_FILE, leftOut]] : [])].map(
      ([name, value]) => `${name}=${value}`,
    );
    const command = ["env", ...variables, process.execPath, ...execArgv, GUEST];
    const child = spawn(KERNEL_VM_SCRIPT, [kernel, ...command], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        KERNEL_VM_CHANNEL: channel,
        KERNEL_VM_DEVICES: knownDevices(devices).join(" "),
        KERNEL_VM_MODULES: modules.join(" "),
        KERNEL_VM_KEEP: leftOut ? dirname(leftOut) : "",
        KERNEL_VM_SECONDS: PATIENCE,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
    return child.once("close", (code) => {
      if (code === 0) this.#emit("exit", code);
      else this.#emit("error", new Error(`Linux ${kernel} ended early:\n${this.#output}`));
    });
  }

  #listen(socket: Socket): void {
    const decoder = new MessageDecoder();
    this.#socket = socket.on("data", (piece) => {
      if (typeof piece === "string") throw new Error("the channel carries bytes");
      for (const message of decoder.decode(piece)) {
        if (isStarted(message)) this.#sendWaiting();
        else this.#emit("message", message);
      }
    });
    // What is written to a machine that has just ended; its end is told where the process ends.
    socket.on("error", () => {});
  }

  #sendWaiting(): void {
    this.#isStarted = true;
    for (const message of this.#waiting.splice(0)) this.send(message);
  }

  #respond(type: "started" | "stopped"): void {
    const response: WorkerResponse = { __vitest_worker_response__: true, type };
    // Vitest listens for it when it has sent its message.
    setImmediate(() => this.#emit("message", response));
  }

  #emit(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values);
  }
}

/** Whether it says that the worker in the machine has started, which was said before. */
function isStarted(message: unknown): boolean {
  return (
    message !== null &&
    typeof message === "object" &&
    "type" in message &&
    message.type === "started" &&
    !("error" in message)
  );
}

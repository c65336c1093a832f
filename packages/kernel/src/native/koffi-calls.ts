import { createRequire } from "node:module";
import type * as Koffi from "koffi";
import { F_DUPFD_CLOEXEC } from "../uapi/macros.ts";
import type { NativeCalls } from "./native-calls.ts";
import { SYSCALL_NUMBERS } from "./syscall-numbers.ts";

const AT_FDCWD = -100;

/**
 * Node's own event loop waits for the descriptor (uv_poll_t): no thread is blocked, so nothing has to be woken when the process ends.
 */
function pollDescriptor({ node }: typeof Koffi, descriptor: number, act: () => void): Disposable {
  const events = { readable: true };
  let waiting: NodeJS.Immediate | undefined;
  // koffi calls back outside of what Node does around a callback: of it come microtasks, and what becomes of exceptions.
  const callback = () => {
    waiting ??= setImmediate(() => {
      waiting = undefined;
      // Before the act, which may dispose. After an error, an overrun for instance, libuv has stopped.
      handle.start(events, callback);
      act();
    });
  };
  const handle = node.poll(descriptor, events, callback);
  handle.unref();
  return {
    [Symbol.dispose]() {
      clearImmediate(waiting);
      handle.close();
    },
  };
}

/** Real calls, through the one C function that makes all of them: `syscall(2)`. */
export function koffiCalls(): NativeCalls {
  const numbers = SYSCALL_NUMBERS[process.arch];
  if (process.platform !== "linux" || numbers === undefined) {
    throw new Error(`weir needs Linux on x64 or arm64; this is ${process.platform} on ${process.arch}.`);
  }
  // Loaded at the first call, so that a process which makes none does not pay the 15 ms; as CommonJS, the quicker way.
  // `require` knows no types.
  const koffi = createRequire(import.meta.url)("koffi") as typeof Koffi;
  const word = "intptr_t";
  const parameters = [word, word, word, word, word, word, word];
  const rawCall = koffi.load(null).func("syscall", word, parameters);

  const call = (number: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): number => {
    const result: number = rawCall(number, a, b, c, d, e, f);
    // Nothing may run between the call and this, or errno is another call's.
    return result === -1 ? -koffi.errno() : result;
  };

  return {
    bpf: (command, attributes, size) => call(numbers.bpf, command, attributes, size),
    mmap: (length, protection, flags, descriptor, offset) =>
      call(numbers.mmap, 0, length, protection, flags, descriptor, offset),
    munmap: (address, length) => call(numbers.munmap, address, length),
    view: (address, length) => koffi.view(BigInt(address), length),
    open: (path, flags) => call(numbers.openat, AT_FDCWD, path, flags),
    close: (descriptor) => call(numbers.close, descriptor),
    socket: (family, type, protocol) => call(numbers.socket, family, type, protocol),
    bind: (socket, name, length) => call(numbers.bind, socket, name, length),
    connect: (socket, name, length) => call(numbers.connect, socket, name, length),
    setsockopt: (socket, level, option, value, length) =>
      call(numbers.setsockopt, socket, level, option, value, length),
    sendto: (socket, data, length) => call(numbers.sendto, socket, data, length),
    recvfrom: (socket, data, length, flags) => call(numbers.recvfrom, socket, data, length, flags),
    ioctl: (descriptor, request, argument) => call(numbers.ioctl, descriptor, request, argument),
    perfEventOpen: (attributes, process, cpu, group, flags) =>
      call(numbers.perfEventOpen, attributes, process, cpu, group, flags),
    duplicate: (descriptor) => call(numbers.fcntl, descriptor, F_DUPFD_CLOEXEC),
    flock: (descriptor, operation) => call(numbers.flock, descriptor, operation),
    mount: (source, target, type) => call(numbers.mount, source, target, type),
    fsopen: (type, flags) => call(numbers.fsopen, type, flags),
    fsconfig: (context, command) => call(numbers.fsconfig, context, command),
    fsmount: (context, flags) => call(numbers.fsmount, context, flags),
    setns: (descriptor, kind) => call(numbers.setns, descriptor, kind),
    clockGetres: (clock, resolution) => call(numbers.clockGetres, clock, resolution),
    clockGettime: (clock, time) => call(numbers.clockGettime, clock, time),
    whileReadable: (descriptor, act) => pollDescriptor(koffi, descriptor, act),
  };
}

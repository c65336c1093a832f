import {
  findInterface,
  type InterfaceEvent,
  InterfaceEvents,
  interfaces,
  KernelError,
  type NetworkInterface,
} from "@weir/kernel";
import { EngineError } from "../../errors.ts";
import { ifFound } from "../../if-found.ts";
import type { InterfaceChange } from "../../interface-change.ts";
import type { WatchedInterface } from "../../monitor.ts";
import type { Snapshot } from "../../snapshot.ts";
import type { InterfaceMonitor } from "../interface-monitor.ts";
import type { MonitoredInterfaces, ReadMonitor } from "../monitored-interfaces.ts";
import { checkEthernet, usableInterface } from "../usable-interface.ts";
import { change } from "./change-texts.ts";
import { isNamed, isPattern } from "./name-pattern.ts";
import { addEarlier, type FollowedInterface, type WantedInterface } from "./wanted-interface.ts";

/** What following needs of who reads the interfaces. */
export interface FollowOptions {
  /** Names, and patterns of names. */
  readonly wanted: readonly string[];
  readonly attach: (target: NetworkInterface) => InterfaceMonitor;
  /** Reads an interface that is gone, for the last time. */
  readonly read: ReadMonitor;
  readonly onChange: (change: InterfaceChange) => void;
}

/**
 * Interfaces that come and go. One that is there is followed whatever becomes of its name; when it is removed, the next one with
 * the name that was asked for takes its place, and patterns take all that match, as soon as the kernel tells of them.
 *
 * An attach takes up to 50 ms, so new interfaces are attached one by one, and the event loop goes on in between.
 */
export class FollowedInterfaces implements MonitoredInterfaces {
  readonly #wanted: readonly WantedInterface[];
  readonly #patterns: readonly string[];
  readonly #attach: FollowOptions["attach"];
  readonly #read: ReadMonitor;
  readonly #onChange: FollowOptions["onChange"];
  readonly #events: InterfaceEvents;
  #followed: FollowedInterface[] = [];
  /** To be attached, by index. */
  readonly #found = new Map<number, NetworkInterface>();
  /** Those that could not be attached, by index: what they were like, and why. */
  readonly #refused = new Map<number, { readonly likeness: string; readonly reason: string }>();
  /** Indexes of those that the program was taken off: patterns do not put it back. */
  readonly #left = new Set<number>();
  /** Last snapshots that nobody has taken yet. */
  #last: Snapshot[] = [];
  #work: NodeJS.Immediate | undefined;

  /** @throws {EngineError | KernelError} when one that is named cannot be attached; then none is */
  constructor({ wanted, attach, read, onChange }: FollowOptions) {
    this.#attach = attach;
    this.#read = read;
    this.#onChange = onChange;
    this.#patterns = wanted.filter(isPattern);
    const names = wanted.filter((name) => !isPattern(name));
    this.#wanted = names.map((name) => ({ name, earlier: undefined, removal: undefined, isOver: false }));
    using stack = new DisposableStack();
    stack.use(this);
    // Before the interfaces are looked at, so that nothing happens unseen in between.
    this.#events = new InterfaceEvents((event) => this.#hear(event));
    for (const place of this.#wanted) {
      const target = usableInterface(place.name);
      if (!this.#isFollowed(target)) this.#follow(target, place);
    }
    if (this.#patterns.length > 0) this.#followMatching();
    stack.move();
  }

  get monitors(): readonly InterfaceMonitor[] {
    return this.#followed.map(({ monitor }) => monitor);
  }

  get subjects(): readonly WatchedInterface[] {
    return this.monitors.map(({ subject }) => subject);
  }

  get attached(): boolean {
    return (
      this.#wanted.every(({ removal }) => removal === undefined) && this.monitors.every(({ attached }) => attached)
    );
  }

  get removed(): readonly EngineError[] {
    return this.#wanted.flatMap(({ removal }) => removal ?? []);
  }

  get awaited(): readonly string[] {
    const names = this.#wanted
      .filter(({ removal, isOver }) => removal !== undefined && !isOver)
      .map(({ name }) => name);
    const patterns = this.#patterns.filter((pattern) => !this.#followed.some(({ latest }) => isNamed(latest, pattern)));
    return [...names, ...patterns];
  }

  get isOver(): boolean {
    return this.#patterns.length === 0 && this.#wanted.length > 0 && this.#wanted.every(({ isOver }) => isOver);
  }

  snapshots(read: ReadMonitor): Snapshot[] {
    this.#catchUp();
    const now = [...this.#followed].flatMap((each) => {
      const snapshot = read(each.monitor);
      if (snapshot.attached || this.#events.isClosed) return [withEarlier(each, snapshot)];
      each.final = snapshot;
      this.#lose(each);
      return [];
    });
    const last = this.#last;
    this.#last = [];
    return [...last, ...now];
  }

  peek(read: ReadMonitor): Snapshot[] {
    this.#catchUp();
    return this.#followed.map((each) => withEarlier(each, read(each.monitor)));
  }

  [Symbol.dispose](): void {
    clearImmediate(this.#work);
    // Not there when its making failed.
    this.#events?.[Symbol.dispose]();
    for (const { monitor } of this.#followed) monitor[Symbol.dispose]();
    this.#followed = [];
    this.#last = [];
    this.#found.clear();
  }

  #hear(event: InterfaceEvent): void {
    if (event.kind === "overrun") this.#lookAtAll(event.interfaces);
    else if (event.kind === "removed") this.#removed(event.interface.index);
    else this.#changed(event.interface);
    this.#workSoon();
  }

  #changed(now: NetworkInterface): void {
    const followed = this.#followed.find(({ latest }) => latest.index === now.index);
    if (followed !== undefined) followed.latest = now;
    else if (this.#isWanted(now) && this.#refused.get(now.index)?.likeness !== likeness(now))
      this.#found.set(now.index, now);
    else this.#found.delete(now.index);
  }

  #removed(index: number): void {
    this.#found.delete(index);
    this.#refused.delete(index);
    this.#left.delete(index);
    const followed = this.#followed.find(({ latest }) => latest.index === index);
    if (followed !== undefined) this.#end(followed, "removed");
  }

  /** Events are missing: whoever is not attached any more, or not in the list, was removed meanwhile. */
  #lookAtAll(all: readonly NetworkInterface[]): void {
    this.#onChange(change.overrun());
    const there = new Set(all.map(({ index }) => index));
    for (const each of [...this.#followed]) {
      if (!there.has(each.latest.index) || !each.monitor.attached) this.#end(each, "removed");
    }
    for (const index of [...this.#found.keys(), ...this.#refused.keys(), ...this.#left]) {
      if (!there.has(index)) this.#removed(index);
    }
    for (const each of all) this.#changed(each);
  }

  /** Takes up what can be at once: all but new interfaces. */
  #catchUp(): void {
    this.#events.receive();
    for (const each of this.#followed) {
      const { told, latest, monitor } = each;
      each.told = latest;
      monitor.rename(latest.name);
      for (const difference of change.differences(told, latest)) this.#onChange(difference);
    }
  }

  #workSoon(): void {
    this.#work ??= setImmediate(() => this.#events.inside(() => this.#workOn())).unref();
  }

  #workOn(): void {
    this.#work = undefined;
    this.#catchUp();
    const [next] = this.#found.values();
    if (next === undefined || this.#events.isClosed) return;
    this.#found.delete(next.index);
    this.#tryToFollow(next, "later");
    if (this.#found.size > 0) this.#workSoon();
  }

  #followMatching(): void {
    for (const each of interfaces()) {
      if (!this.#isFollowed(each) && this.#isWanted(each)) this.#tryToFollow(each, "first");
    }
  }

  #tryToFollow(target: NetworkInterface, when: "first" | "later"): void {
    const place = this.#placeFor(target);
    const isBack = place?.removal !== undefined;
    try {
      checkEthernet(target);
      const { monitor } = this.#follow(target, place);
      this.#refused.delete(target.index);
      if (when === "later") this.#onChange(change.attached(monitor.subject, isBack));
    } catch (error) {
      if (!(error instanceof EngineError || error instanceof KernelError)) throw error;
      // It has gone again, of which an event tells, too.
      if (ifFound(() => findInterface(target.index)) === undefined) return;
      const isKnown = this.#refused.get(target.index)?.reason === error.message;
      this.#refused.set(target.index, { likeness: likeness(target), reason: error.message });
      if (!isKnown) this.#onChange(change.refused(target.name, error.message));
    }
  }

  #follow(target: NetworkInterface, wanted: WantedInterface | undefined): FollowedInterface {
    const followed: FollowedInterface = { monitor: this.#attach(target), wanted, told: target, latest: target };
    if (wanted !== undefined) wanted.removal = undefined;
    this.#followed.push(followed);
    // Those that were named stand first, in their order.
    const placeOf = (each: FollowedInterface) =>
      each.wanted === undefined ? this.#wanted.length : this.#wanted.indexOf(each.wanted);
    this.#followed.sort((a, b) => placeOf(a) - placeOf(b));
    return followed;
  }

  /** The program is not on it: it was removed, of which an event comes soon, or somebody took the program off. */
  #lose(followed: FollowedInterface): void {
    const { index } = followed.latest;
    const isThere = this.#events.inside(() => ifFound(() => findInterface(index))) !== undefined;
    // The kernel answers after it has finished with the removal, so the event is here now.
    this.#events.receive();
    if (this.#followed.includes(followed)) this.#end(followed, isThere ? "taken-off" : "removed");
  }

  #end(followed: FollowedInterface, how: "removed" | "taken-off"): void {
    const { monitor, wanted, latest } = followed;
    const snapshot = { ...(followed.final ?? this.#read(monitor)), attached: false };
    this.#last.push(withEarlier(followed, snapshot));
    this.#followed = this.#followed.filter((each) => each !== followed);
    // An interface that moved to another network namespace has the program on it still.
    monitor[Symbol.dispose]();
    if (wanted !== undefined) {
      wanted.earlier = addEarlier(wanted.earlier, snapshot);
      wanted.removal = monitor.removal();
      wanted.isOver = how === "taken-off";
    }
    this.#onChange(how === "removed" ? change.removed(latest.name, wanted?.name) : change.takenOff(latest.name));
    if (how === "taken-off") this.#left.add(latest.index);
    else if (wanted !== undefined && latest.name !== wanted.name) this.#lookFor(wanted.name);
  }

  /** One that was renamed leaves its name to another interface, of which the kernel told while nobody wanted it. */
  #lookFor(name: string): void {
    const there = this.#events.inside(() => ifFound(() => findInterface(name)));
    if (there === undefined) return;
    this.#changed(there);
    this.#workSoon();
  }

  #isFollowed({ index }: NetworkInterface): boolean {
    return this.#followed.some(({ latest }) => latest.index === index);
  }

  #isWanted(target: NetworkInterface): boolean {
    if (this.#left.has(target.index)) return false;
    return this.#placeFor(target) !== undefined || this.#patterns.some((pattern) => isNamed(target, pattern));
  }

  /** The name that was asked for and has no interface now. */
  #placeFor(target: NetworkInterface): WantedInterface | undefined {
    return this.#wanted.find(({ name, removal, isOver }) => removal && !isOver && isNamed(target, name));
  }
}

function withEarlier({ wanted }: FollowedInterface, snapshot: Snapshot): Snapshot {
  return wanted?.earlier === undefined ? snapshot : { ...snapshot, earlier: wanted.earlier };
}

/** What an attach depends on: as long as that stays the same, one that was refused is not tried again. */
function likeness({ name, mtu, up, xdp }: NetworkInterface): string {
  return JSON.stringify([name, mtu, up, xdp]);
}

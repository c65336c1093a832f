import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { runCommand } from "../namespace/command.ts";
import { NetworkNamespace } from "../namespace/network-namespace.ts";
import { NETWORK_CARDS, type NetworkCardName } from "./network-cards.ts";

const CARD = "card";
const INTERFACES = "/sys/class/net";
/** Milliseconds: a namespace that goes gives its cards back some time after. */
const PATIENCE = 30_000;

/** A network card of the virtual machine. What comes in on it is what `send` sends from the other end of its cable, and nothing else. */
export interface PluggedCard extends Disposable {
  readonly namespace: NetworkNamespace;
  /** What the card is called there. */
  readonly name: string;
  /** Sends so many datagrams, from each of so many sockets. */
  send(datagrams: number, sockets?: number): void;
}

/** Whether the machine has the card: not every QEMU knows each. */
export function hasNetworkCard(card: NetworkCardName): boolean {
  return interfaceWith(addressOf(card, 1)) !== undefined;
}

/** Takes a card, and gives it back with the scope that took it. */
export async function plugCard(card: NetworkCardName): Promise<PluggedCard> {
  using stack = new DisposableStack();
  const [near, far] = [1, 2].map(() => stack.use(NetworkNamespace.create({ ipv6: "off" })));
  if (near === undefined || far === undefined) throw new Error("there are two namespaces");
  await moveTo(near, addressOf(card, 1));
  await moveTo(far, addressOf(card, 2));
  // Nobody has the address: nothing is asked for, and nothing is answered, which the sockets would be told instead of sending.
  far.run("ip", ["address", "add", "192.0.2.2/24", "dev", CARD]);
  far.run("ip", ["neighbour", "add", "192.0.2.1", "lladdr", addressOf(card, 1), "dev", CARD]);
  // The cable is there some time after both ends are up.
  for (const end of [near, far])
    await until(() => end.run("ip", ["link", "show", "dev", CARD]).includes("state UP"), `the link of ${card}`);
  const owned = stack.move();
  return {
    namespace: near,
    name: CARD,
    send: (datagrams, sockets = 1) => {
      const script = `for ((s = 0; s < ${sockets}; s++)); do
        exec 3>/dev/udp/192.0.2.1/9; for ((d = 0; d < ${datagrams}; d++)); do printf 12345678 >&3; done; done`;
      far.run("bash", ["-c", script]);
    },
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  };
}

/** See scripts/kernel-vm.sh. */
function addressOf(card: NetworkCardName, end: 1 | 2): string {
  return `02:00:00:00:0${Object.keys(NETWORK_CARDS).indexOf(card)}:0${end}`;
}

async function moveTo(namespace: NetworkNamespace, hardwareAddress: string): Promise<void> {
  await until(() => interfaceWith(hardwareAddress) !== undefined, `card ${hardwareAddress}`);
  const name = interfaceWith(hardwareAddress) ?? "";
  // One that was in a namespace before is up still.
  runCommand("ip", ["link", "set", "dev", name, "down"]);
  runCommand("ip", ["link", "set", "dev", name, "netns", namespace.name, "name", CARD]);
  namespace.run("ip", ["link", "set", "dev", CARD, "mtu", "1500", "up"]);
}

function interfaceWith(hardwareAddress: string): string | undefined {
  if (!existsSync(INTERFACES)) return undefined;
  return readdirSync(INTERFACES).find((name) => {
    const file = `${INTERFACES}/${name}/address`;
    return existsSync(file) && readFileSync(file, "utf8").trim() === hardwareAddress;
  });
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE; !condition(); await setTimeout(50))
    if (Date.now() > end) throw new Error(`waited for ${what} in vain`);
}

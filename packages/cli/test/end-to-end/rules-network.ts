import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Network, network, WATCHED } from "./network.ts";
import { weir } from "./weir.ts";

/** A file with rules, and a network. */
export interface RulesNetwork extends Network {
  readonly file: string;
  readonly write: (text: string) => void;
}

export function rulesNetwork(text: string): RulesNetwork {
  const directory = mkdtempSync(join(tmpdir(), "weir-rules-"));
  const file = join(directory, "rules.yaml");
  const write = (content: string) => writeFileSync(file, content);
  write(text);
  const net = network();
  return {
    ...net,
    file,
    write,
    [Symbol.dispose]: () => {
      weir(["detach", WATCHED], net.near);
      net[Symbol.dispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkNamespace } from "@weir/laboratory";
import { expect } from "vitest";
import { get } from "./served.ts";

/** A series of an answer with its value now. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

const DASHBOARD = new URL("../../../../packaging/grafana/weir.json", import.meta.url);
const ADDRESS = "127.0.0.1:9090";
/** Between two scrapes. */
const INTERVAL = "250ms";

/** A Prometheus that scrapes a weir in its namespace. */
export class Prometheus implements Disposable {
  readonly #namespace: NetworkNamespace;
  readonly #process: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), "weir-prometheus-"));

  /** @param target address and port of the weir */
  constructor(namespace: NetworkNamespace, target: string) {
    this.#namespace = namespace;
    const file = join(this.#folder, "prometheus.yml");
    writeFileSync(
      file,
      `global: { scrape_interval: ${INTERVAL} }\nscrape_configs: [{ job_name: weir, static_configs: [{ targets: ["${target}"] }] }]\n`,
    );
    const storage = `--storage.tsdb.path=${join(this.#folder, "data")}`;
    const words = [`--config.file=${file}`, storage, `--web.listen-address=${ADDRESS}`, "--log.level=error"];
    this.#process = namespace.spawn("prometheus", words, { stdio: "ignore" });
  }

  /** What PromQL gives. @param time seconds since 1970; now unless given */
  query(expression: string, time?: number): QueryResult[] {
    const data = ["--data-urlencode", `query=${expression}`, ...(time === undefined ? [] : ["-d", `time=${time}`])];
    const { body } = get(this.#namespace, `http://${ADDRESS}/api/v1/query`, ...data);
    const answer: Answer = JSON.parse(body);
    if (answer.status !== "success") throw new Error(`Prometheus refuses ${expression}: ${answer.error}`);
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Waits until an expression gives something that is accepted. */
  async until(
    expression: string,
    accepted: (results: readonly QueryResult[]) => boolean,
  ): Promise<readonly QueryResult[]> {
    const end = Date.now() + 20_000;
    for (;;) {
      const results = this.#ready() ? this.query(expression) : [];
      if (accepted(results)) return results;
      if (Date.now() > end) throw new Error(`Prometheus gives for ${expression} only ${JSON.stringify(results)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  #ready(): boolean {
    return this.#namespace.try("curl", ["-sf", `http://${ADDRESS}/-/ready`]).code === 0;
  }
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/ */
interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [time: number, value: string];
    }[];
  };
}

/**
 * The whole gain of a counter, over any new beginnings. Between samples Prometheus guesses; not so up to the time of the last one when
 * the first one is 0.
 */
export function increase(prometheus: Prometheus, series: string): number | undefined {
  const [last] = prometheus.query(`timestamp(${series})`);
  return prometheus.query(`increase(${series}[1h])`, last?.value)[0]?.value;
}

/** Every expression of Grafana's file that is asked for gives something. */
export async function checkDashboard(
  prometheus: Prometheus,
  isAskedFor: (expression: string) => boolean,
): Promise<void> {
  const dashboard: Dashboard = JSON.parse(readFileSync(DASHBOARD, "utf8"));
  const variables: Readonly<Record<string, string>> = { interface: ".*", job: ".*", __rate_interval: "1m" };
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).filter(isAskedFor);
  expect(expressions.length).toBeGreaterThan(20);
  for (const expression of expressions) {
    const filled = expression.replace(
      /\$(\w+)/g,
      (_all, name: string) => variables[name] ?? `unknown variable ${name}`,
    );
    await prometheus.until(filled, (results) => results.length > 0);
  }
}

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

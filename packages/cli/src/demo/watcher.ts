import { watch } from "@weir/engine";
import type { Report } from "./report.ts";
import { INTERFACE } from "./stage.ts";

const send = (report: Report) => process.send?.(report);
const controller = new AbortController();
process.once("disconnect", () => controller.abort());

async function watchUntilDisconnected(): Promise<void> {
  using monitor = watch([INTERFACE], { interval: 0.5, limit: 12, signal: controller.signal });
  send({ kind: "snapshots", snapshots: monitor.snapshot() });
  for await (const snapshots of monitor) send({ kind: "snapshots", snapshots });
}

watchUntilDisconnected()
  .catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    send({ kind: "failure", message: error instanceof Error ? error.message : String(error), code });
  })
  .finally(() => process.disconnect?.());

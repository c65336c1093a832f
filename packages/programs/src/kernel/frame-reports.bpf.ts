import { perCpuArrayMap } from "@weir/compiler/language";
import { FrameReports } from "../records/reports.ts";

/** What rules want to be reported of the frame that this CPU is at work on. */
export const FRAME_REPORTS = perCpuArrayMap({ value: FrameReports, maxEntries: 1 });

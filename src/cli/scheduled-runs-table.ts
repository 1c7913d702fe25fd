import { systemClock } from "../kit/clock.ts";
import { compareTimestamps } from "../kit/timestamp.ts";
import type { FlowRunResponse as FlowRun } from "../schemas/flow-run.ts";
import type { Output } from "./output.ts";

type ScheduledRun = Pick<FlowRun, "id" | "name" | "created" | "expected_start_time" | "deployment_id">;

/** Prints runs that are to come, or their JSON; `title` stands over the table. */
export function showScheduledRuns(
  out: Output,
  runs: readonly ScheduledRun[],
  { isJson, title }: { readonly isJson: boolean; readonly title?: string },
): void {
  const sorted = runs.toSorted((a, b) => compareTimestamps(b.created ?? "", a.created ?? ""));
  if (isJson) {
    out.json(sorted);
    return;
  }
  if (sorted.length === 0) {
    out.warn("No runs found - try increasing how far into the future you preview with the --hours flag");
    return;
  }
  const now = systemClock().now();
  const rows = sorted.map(({ expected_start_time: start, id, name, deployment_id }) => {
    const isLate = start !== null && compareTimestamps(start, now) < 0;
    return [`${start?.slice(0, 19) ?? ""}${isLate ? " (**)" : ""}`, id, name, deployment_id ?? ""];
  });
  out.table(rows, {
    ...(title !== undefined && { title }),
    caption: "(**) denotes a late run",
    columns: [
      { title: "Scheduled Start Time", mayShrink: true },
      { title: "Run ID" },
      { title: "Name", mayShrink: true },
      { title: "Deployment ID", mayShrink: true },
    ],
  });
}

/** The moment `hours` from now in the wire form. */
export function hoursFromNow(hours: number): string {
  return new Date(systemClock().nowMs() + hours * 3_600_000).toISOString();
}

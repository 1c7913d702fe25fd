import type { FlowRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** Whoever should cancel a run gets a deadline. */
export const watchCancelling: Transform<FlowRunColumns> = {
  name: "watch-cancelling",
  after({ run, validated, status }) {
    if (validated?.type !== "CANCELLING" || status !== "ACCEPT") return [];
    return [{ kind: "watch-cancelling", flowRunId: run.id, since: validated.timestamp }];
  },
};

import type { TaskRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** A task run that is not running holds no slot of its tags' limits. */
export const releaseTagSlots: Transform<TaskRunColumns> = {
  name: "release-tag-slots",
  after({ run, validated }) {
    if (run.tags.length === 0 || validated?.type === "RUNNING" || validated?.type === "CANCELLING") return [];
    return [{ kind: "release-tag-slots", tags: run.tags, taskRunId: run.id }];
  },
};

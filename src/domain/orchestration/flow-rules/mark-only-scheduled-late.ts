import type { FlowRunColumns } from "../facts.ts";
import { ANY, pass, type Rule } from "../rule.ts";

/** Late is a name a scheduled run gets once. */
export const markOnlyScheduledLate: Rule<FlowRunColumns> = {
  name: "mark-only-scheduled-late",
  from: ANY,
  to: ["SCHEDULED"],
  decide({ initial, proposed }) {
    if (initial === null || proposed.name !== "Late") return pass;
    if (initial.type !== "SCHEDULED") return { kind: "reject", reason: "Only scheduled flows can be marked late." };
    if (initial.name === "Late") return { kind: "reject", reason: "This flow run is already marked late." };
    return pass;
  },
};

import type { FlowRunColumns } from "../facts.ts";
import type { Transform } from "../rule.ts";

/** No flow run changes state without an event. */
export const emitFlowRunEvent: Transform<FlowRunColumns> = {
  name: "emit-flow-run-event",
  after: ({ initial, validated }) =>
    validated === null ? [] : [{ kind: "emit-flow-run-event", initial, state: validated }],
};

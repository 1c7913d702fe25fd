import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";
import { State } from "./state.ts";

export const SetStateStatus = s.oneOf(["ACCEPT", "REJECT", "ABORT", "WAIT"], "SetStateStatus");
export type SetStateStatus = s.Infer<typeof SetStateStatus>;

export const StateAcceptDetails = s.object("StateAcceptDetails", {
  type: s.defaulted(s.literal("accept_details"), "accept_details"),
});
export type StateAcceptDetails = s.Infer<typeof StateAcceptDetails>;

export const StateWaitDetails = s.object("StateWaitDetails", {
  type: s.defaulted(s.literal("wait_details"), "wait_details"),
  delay_seconds: s.integer(),
  reason: orNull(s.string()),
});
export type StateWaitDetails = s.Infer<typeof StateWaitDetails>;

export const StateRejectDetails = s.object("StateRejectDetails", {
  type: s.defaulted(s.literal("reject_details"), "reject_details"),
  reason: orNull(s.string()),
});
export type StateRejectDetails = s.Infer<typeof StateRejectDetails>;

export const StateAbortDetails = s.object("StateAbortDetails", {
  type: s.defaulted(s.literal("abort_details"), "abort_details"),
  reason: orNull(s.string()),
});
export type StateAbortDetails = s.Infer<typeof StateAbortDetails>;

export const OrchestrationResult = s.object("OrchestrationResult", {
  state: s.nullable(State),
  status: SetStateStatus,
  details: s.union([StateAcceptDetails, StateWaitDetails, StateRejectDetails, StateAbortDetails]),
});
export type OrchestrationResult = s.Infer<typeof OrchestrationResult>;

export const FlowRunOrchestrationResult = s.object("FlowRunOrchestrationResult", {
  flow_run_id: s.uuid(),
  status: SetStateStatus,
  state: orNull(State),
  details: s.union([StateAcceptDetails, StateWaitDetails, StateRejectDetails, StateAbortDetails]),
});
export type FlowRunOrchestrationResult = s.Infer<typeof FlowRunOrchestrationResult>;

export const FlowRunBulkSetStateResponse = s.object("FlowRunBulkSetStateResponse", {
  results: s.defaulted(s.array(FlowRunOrchestrationResult), () => []),
});
export type FlowRunBulkSetStateResponse = s.Infer<typeof FlowRunBulkSetStateResponse>;

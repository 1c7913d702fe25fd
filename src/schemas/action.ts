import * as s from "../kit/schema/schema.ts";
import { findParameterProblem } from "./action-parameters.ts";
import { orNull } from "./common.ts";
import { StateType } from "./state.ts";
import { findTemplateProblem } from "./templates/check-template.ts";

const source = s.defaulted(s.oneOf(["selected", "inferred"]), "selected");

/** An action on a chosen object needs its id; one that infers it from the event must have none. */
function checkSource(key: string) {
  return (action: { readonly source: string; readonly [key: string]: unknown }): string | undefined => {
    const hasId = action[key] !== null;
    if ((action.source === "selected") === hasId) return undefined;
    return `${key} is ${hasId ? "not allowed" : "required"}`;
  };
}

/** How the reference names a checked action where it lists what is wrong with each kind. */
const label = (kind: string, name: string) => `function-after[selected_${kind}_requires_id(), ${name}]`;

function checkTemplate(field: string) {
  return (template: string): string | undefined => {
    const problem = findTemplateProblem(template);
    return problem && `'${field}' is not a valid template: ${problem.message}`;
  };
}

const scheduleAfterInput = s.refine(
  s.duration({
    anyOf: [
      { type: "number", minimum: 0 },
      { type: "string", format: "duration" },
    ],
  }),
  (seconds) => (seconds < 0 ? "schedule_after must be non-negative" : undefined),
);

const runDeploymentFields = {
  type: s.defaulted(s.literal("run-deployment"), "run-deployment"),
  source,
  deployment_id: orNull(s.uuid()),
  parameters: orNull(s.refine(s.record(s.json()), findParameterProblem)),
  job_variables: orNull(s.record(s.json())),
} as const;

/** Starts a run of a deployment, `schedule_after` seconds from then. */
export const RunDeploymentInput = s.refine(
  s.object(
    "RunDeployment-Input",
    { ...runDeploymentFields, schedule_after: s.defaulted(scheduleAfterInput, () => 0) },
    { label: "RunDeployment" },
  ),
  checkSource("deployment_id"),
  label("deployment", "RunDeployment"),
);
export type RunDeploymentInput = s.Infer<typeof RunDeploymentInput>;

export const RunDeploymentOutput = s.object(
  "RunDeployment-Output",
  { ...runDeploymentFields, schedule_after: s.supplied(s.number({ ge: 0 })) },
  { label: "RunDeployment" },
);
export type RunDeploymentOutput = s.Infer<typeof RunDeploymentOutput>;

export const DoNothing = s.object("DoNothing", { type: s.defaulted(s.literal("do-nothing"), "do-nothing") });
export type DoNothing = s.Infer<typeof DoNothing>;

export const CancelFlowRun = s.object("CancelFlowRun", {
  type: s.defaulted(s.literal("cancel-flow-run"), "cancel-flow-run"),
});
export type CancelFlowRun = s.Infer<typeof CancelFlowRun>;

export const DeleteFlowRun = s.object("DeleteFlowRun", {
  type: s.defaulted(s.literal("delete-flow-run"), "delete-flow-run"),
});
export type DeleteFlowRun = s.Infer<typeof DeleteFlowRun>;

export const SuspendFlowRun = s.object("SuspendFlowRun", {
  type: s.defaulted(s.literal("suspend-flow-run"), "suspend-flow-run"),
});
export type SuspendFlowRun = s.Infer<typeof SuspendFlowRun>;

export const ResumeFlowRun = s.object("ResumeFlowRun", {
  type: s.defaulted(s.literal("resume-flow-run"), "resume-flow-run"),
});
export type ResumeFlowRun = s.Infer<typeof ResumeFlowRun>;

export const ChangeFlowRunState = s.object("ChangeFlowRunState", {
  type: s.defaulted(s.literal("change-flow-run-state"), "change-flow-run-state"),
  name: orNull(s.string()),
  state: StateType,
  message: orNull(s.string()),
  force: s.defaulted(s.boolean(), false),
});
export type ChangeFlowRunState = s.Infer<typeof ChangeFlowRunState>;

/** Calls a Webhook block with a rendered template; older clients send the payload as an object. */
export const CallWebhook = s.object("CallWebhook", {
  type: s.defaulted(s.literal("call-webhook"), "call-webhook"),
  block_document_id: s.uuid(),
  payload: s.defaulted(s.refine(s.preprocess(s.string(), payloadText), checkTemplate("payload")), ""),
});
export type CallWebhook = s.Infer<typeof CallWebhook>;

export const SendNotification = s.object("SendNotification", {
  type: s.defaulted(s.literal("send-notification"), "send-notification"),
  block_document_id: s.uuid(),
  subject: s.defaulted(s.refine(s.string(), checkTemplate("subject")), "Prefect automated notification"),
  body: s.refine(s.string(), checkTemplate("body")),
});
export type SendNotification = s.Infer<typeof SendNotification>;

export const PauseDeployment = s.refine(
  s.object("PauseDeployment", {
    type: s.defaulted(s.literal("pause-deployment"), "pause-deployment"),
    source,
    deployment_id: orNull(s.uuid()),
  }),
  checkSource("deployment_id"),
  label("deployment", "PauseDeployment"),
);
export type PauseDeployment = s.Infer<typeof PauseDeployment>;

export const ResumeDeployment = s.refine(
  s.object("ResumeDeployment", {
    type: s.defaulted(s.literal("resume-deployment"), "resume-deployment"),
    source,
    deployment_id: orNull(s.uuid()),
  }),
  checkSource("deployment_id"),
  label("deployment", "ResumeDeployment"),
);
export type ResumeDeployment = s.Infer<typeof ResumeDeployment>;

export const PauseWorkPool = s.refine(
  s.object("PauseWorkPool", {
    type: s.defaulted(s.literal("pause-work-pool"), "pause-work-pool"),
    source,
    work_pool_id: orNull(s.uuid()),
  }),
  checkSource("work_pool_id"),
  label("work_pool", "PauseWorkPool"),
);
export type PauseWorkPool = s.Infer<typeof PauseWorkPool>;

export const ResumeWorkPool = s.refine(
  s.object("ResumeWorkPool", {
    type: s.defaulted(s.literal("resume-work-pool"), "resume-work-pool"),
    source,
    work_pool_id: orNull(s.uuid()),
  }),
  checkSource("work_pool_id"),
  label("work_pool", "ResumeWorkPool"),
);
export type ResumeWorkPool = s.Infer<typeof ResumeWorkPool>;

export const PauseWorkQueue = s.refine(
  s.object("PauseWorkQueue", {
    type: s.defaulted(s.literal("pause-work-queue"), "pause-work-queue"),
    source,
    work_queue_id: orNull(s.uuid()),
  }),
  checkSource("work_queue_id"),
  label("work_queue", "PauseWorkQueue"),
);
export type PauseWorkQueue = s.Infer<typeof PauseWorkQueue>;

export const ResumeWorkQueue = s.refine(
  s.object("ResumeWorkQueue", {
    type: s.defaulted(s.literal("resume-work-queue"), "resume-work-queue"),
    source,
    work_queue_id: orNull(s.uuid()),
  }),
  checkSource("work_queue_id"),
  label("work_queue", "ResumeWorkQueue"),
);
export type ResumeWorkQueue = s.Infer<typeof ResumeWorkQueue>;

export const PauseAutomation = s.refine(
  s.object("PauseAutomation", {
    type: s.defaulted(s.literal("pause-automation"), "pause-automation"),
    source,
    automation_id: orNull(s.uuid()),
  }),
  checkSource("automation_id"),
  label("automation", "PauseAutomation"),
);
export type PauseAutomation = s.Infer<typeof PauseAutomation>;

export const ResumeAutomation = s.refine(
  s.object("ResumeAutomation", {
    type: s.defaulted(s.literal("resume-automation"), "resume-automation"),
    source,
    automation_id: orNull(s.uuid()),
  }),
  checkSource("automation_id"),
  label("automation", "ResumeAutomation"),
);
export type ResumeAutomation = s.Infer<typeof ResumeAutomation>;

/** Any action in a request; older data may leave `type` out. */
export const ActionInput = s.union([
  DoNothing,
  RunDeploymentInput,
  PauseDeployment,
  ResumeDeployment,
  CancelFlowRun,
  DeleteFlowRun,
  ChangeFlowRunState,
  PauseWorkQueue,
  ResumeWorkQueue,
  SendNotification,
  CallWebhook,
  PauseAutomation,
  ResumeAutomation,
  SuspendFlowRun,
  ResumeFlowRun,
  PauseWorkPool,
  ResumeWorkPool,
]);
export type ActionInput = s.Infer<typeof ActionInput>;

/** Any action as stored and shown; older data may leave `type` out. */
export const ActionOutput = s.union([
  DoNothing,
  RunDeploymentOutput,
  PauseDeployment,
  ResumeDeployment,
  CancelFlowRun,
  DeleteFlowRun,
  ChangeFlowRunState,
  PauseWorkQueue,
  ResumeWorkQueue,
  SendNotification,
  CallWebhook,
  PauseAutomation,
  ResumeAutomation,
  SuspendFlowRun,
  ResumeFlowRun,
  PauseWorkPool,
  ResumeWorkPool,
]);
export type ActionOutput = s.Infer<typeof ActionOutput>;

function payloadText(input: unknown): unknown {
  return s.isRecord(input) || Array.isArray(input) ? JSON.stringify(input, null, 2) : input;
}

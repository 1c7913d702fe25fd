import * as s from "../kit/schema/schema.ts";
import { findParameterProblem } from "./action-parameters.ts";
import { orNull } from "./common.ts";
import { StateType } from "./state.ts";
import { findTemplateProblem } from "./templates/check-template.ts";

/** The `type` of an action, which older data may leave out. */
const kind = <Kind extends string>(name: Kind) => s.defaulted(s.literal(name), name);

const source = s.defaulted(s.oneOf(["selected", "inferred"]), "selected");

/** An action on a chosen object needs its id; one that infers it from the event must have none. */
function checkSource(key: string) {
  return (action: object): string | undefined => {
    const { source, [key]: id } = action as { readonly source: string; readonly [key: string]: unknown };
    if ((source === "selected") === (id !== null)) return undefined;
    return `${key} is ${id === null ? "required" : "not allowed"}`;
  };
}

/** How the reference names a checked action where it lists what is wrong with each kind. */
const label = (noun: string, name: string) => `function-after[selected_${noun}_requires_id(), ${name}]`;

/** An action on an object that is chosen by its id, or inferred from the event. */
function onObject<Kind extends string, Noun extends string>(name: string, type: Kind, noun: Noun) {
  const key = `${noun}_id` as const;
  const id = orNull(s.uuid());
  const fields = { type: kind(type), source, ...({ [key]: id } as Record<typeof key, typeof id>) };
  return s.refine(s.object(name, fields), checkSource(key), label(noun, name));
}

function checkTemplate(field: string) {
  return (template: string): string | undefined => {
    const problem = findTemplateProblem(template);
    return problem && `'${field}' is not a valid template: ${problem.message}`;
  };
}

const template = (field: string) => s.refine(s.string(), checkTemplate(field));

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
  type: kind("run-deployment"),
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

export const DoNothing = s.object("DoNothing", { type: kind("do-nothing") });
export type DoNothing = s.Infer<typeof DoNothing>;

export const CancelFlowRun = s.object("CancelFlowRun", { type: kind("cancel-flow-run") });
export type CancelFlowRun = s.Infer<typeof CancelFlowRun>;

export const DeleteFlowRun = s.object("DeleteFlowRun", { type: kind("delete-flow-run") });
export type DeleteFlowRun = s.Infer<typeof DeleteFlowRun>;

export const SuspendFlowRun = s.object("SuspendFlowRun", { type: kind("suspend-flow-run") });
export type SuspendFlowRun = s.Infer<typeof SuspendFlowRun>;

export const ResumeFlowRun = s.object("ResumeFlowRun", { type: kind("resume-flow-run") });
export type ResumeFlowRun = s.Infer<typeof ResumeFlowRun>;

export const ChangeFlowRunState = s.object("ChangeFlowRunState", {
  type: kind("change-flow-run-state"),
  name: orNull(s.string()),
  state: StateType,
  message: orNull(s.string()),
  force: s.defaulted(s.boolean(), false),
});
export type ChangeFlowRunState = s.Infer<typeof ChangeFlowRunState>;

/** Calls a Webhook block with a rendered template; older clients send the payload as an object. */
export const CallWebhook = s.object("CallWebhook", {
  type: kind("call-webhook"),
  block_document_id: s.uuid(),
  payload: s.defaulted(s.refine(s.preprocess(s.string(), payloadText), checkTemplate("payload")), ""),
});
export type CallWebhook = s.Infer<typeof CallWebhook>;

export const SendNotification = s.object("SendNotification", {
  type: kind("send-notification"),
  block_document_id: s.uuid(),
  subject: s.defaulted(template("subject"), "Prefect automated notification"),
  body: template("body"),
});
export type SendNotification = s.Infer<typeof SendNotification>;

export const PauseDeployment = onObject("PauseDeployment", "pause-deployment", "deployment");
export type PauseDeployment = s.Infer<typeof PauseDeployment>;

export const ResumeDeployment = onObject("ResumeDeployment", "resume-deployment", "deployment");
export type ResumeDeployment = s.Infer<typeof ResumeDeployment>;

export const PauseWorkPool = onObject("PauseWorkPool", "pause-work-pool", "work_pool");
export type PauseWorkPool = s.Infer<typeof PauseWorkPool>;

export const ResumeWorkPool = onObject("ResumeWorkPool", "resume-work-pool", "work_pool");
export type ResumeWorkPool = s.Infer<typeof ResumeWorkPool>;

export const PauseWorkQueue = onObject("PauseWorkQueue", "pause-work-queue", "work_queue");
export type PauseWorkQueue = s.Infer<typeof PauseWorkQueue>;

export const ResumeWorkQueue = onObject("ResumeWorkQueue", "resume-work-queue", "work_queue");
export type ResumeWorkQueue = s.Infer<typeof ResumeWorkQueue>;

export const PauseAutomation = onObject("PauseAutomation", "pause-automation", "automation");
export type PauseAutomation = s.Infer<typeof PauseAutomation>;

export const ResumeAutomation = onObject("ResumeAutomation", "resume-automation", "automation");
export type ResumeAutomation = s.Infer<typeof ResumeAutomation>;

/** Tells of an incident by an event. */
const DeclareIncident = s.object("DeclareIncident", {
  type: s.literal("declare-incident"),
  name: s.defaulted(template("name"), "Incident of {{ automation.name }}"),
});
export type DeclareIncident = s.Infer<typeof DeclareIncident>;

const emailAddress = s.refine(s.string(), (address) =>
  /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? undefined : "must be the address of a mailbox, such as name@example.org",
);

/** Sends an email through the SMTP server of a block of the type `email-server-credentials`. */
const SendEmailNotification = s.object("SendEmailNotification", {
  type: s.literal("send-email-notification"),
  block_document_id: s.uuid(),
  emails: s.refine(s.array(emailAddress), (emails) => (emails.length === 0 ? "must name somebody" : undefined)),
  subject: s.defaulted(template("subject"), "Prefect automated notification"),
  body: template("body"),
});
export type SendEmailNotification = s.Infer<typeof SendEmailNotification>;

/** Actions that say so are of the kinds that only our server has: the reference's document and errors know of none. */
function orOurs<Action>(schema: s.Schema<Action>): s.Schema<Action | DeclareIncident | SendEmailNotification> {
  const ours = new Map<unknown, s.Schema<DeclareIncident | SendEmailNotification>>([
    ["declare-incident", DeclareIncident],
    ["send-email-notification", SendEmailNotification],
  ]);
  return s.switched<Action | DeclareIncident | SendEmailNotification>(schema, (input) =>
    s.isRecord(input) ? ours.get(input.type) : undefined,
  );
}

/** Any action in a request. */
export const ActionInput = orOurs(
  s.union([
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
  ]),
);
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

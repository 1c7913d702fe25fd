import * as s from "../kit/schema/schema.ts";
import { ActionInput, ActionOutput } from "./action.ts";
import { orNull, storedFields } from "./common.ts";
import { findRunDeploymentLoop } from "./run-deployment-loops.ts";
import { TriggerInput, TriggerOutput } from "./trigger.ts";

const requestFields = {
  name: s.string(),
  description: s.defaulted(s.string(), ""),
  enabled: s.defaulted(s.boolean(), true),
  tags: s.defaulted(s.array(s.string()), () => []),
  trigger: TriggerInput,
  actions: s.array(ActionInput),
  actions_on_trigger: s.defaulted(s.array(ActionInput), () => []),
  actions_on_resolve: s.defaulted(s.array(ActionInput), () => []),
} as const;

export const AutomationCreate = s.refine(
  s.object("AutomationCreate", { ...requestFields, owner_resource: orNull(s.string()) }, { extra: "forbid" }),
  findRunDeploymentLoop,
);
export type AutomationCreate = s.Infer<typeof AutomationCreate>;

/** Replaces an automation; what is absent, and has a default, stays as it is. */
export const AutomationUpdate = s.refine(
  s.object("AutomationUpdate", requestFields, { extra: "forbid" }),
  findRunDeploymentLoop,
);
export type AutomationUpdate = s.Infer<typeof AutomationUpdate>;

export const AutomationPartialUpdate = s.object(
  "AutomationPartialUpdate",
  { enabled: s.defaulted(s.boolean(), true) },
  { extra: "forbid" },
);
export type AutomationPartialUpdate = s.Infer<typeof AutomationPartialUpdate>;

export const Automation = s.object("Automation", {
  ...storedFields,
  name: s.string(),
  description: s.defaulted(s.string(), ""),
  enabled: s.defaulted(s.boolean(), true),
  tags: s.defaulted(s.array(s.string()), () => []),
  trigger: TriggerOutput,
  actions: s.array(ActionOutput),
  actions_on_trigger: s.defaulted(s.array(ActionOutput), () => []),
  actions_on_resolve: s.defaulted(s.array(ActionOutput), () => []),
});
export type Automation = s.Infer<typeof Automation>;

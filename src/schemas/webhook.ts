import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";
import { findTemplateProblem } from "./templates/check-template.ts";

const template = s.refine(s.string(), (text) => {
  const problem = findTemplateProblem(text);
  return problem && `'template' is not a valid template: ${problem.message}`;
});

/** An address that turns a call into an event, which its template makes of the call's method, headers and body. */
export const WebhookCreate = s.object("WebhookCreate", {
  name: s.string(),
  description: s.defaulted(s.string(), ""),
  enabled: s.defaulted(s.boolean(), true),
  template,
  /** What callers have to send as a bearer token; never shown. */
  secret: orNull(s.string()),
});
export type WebhookCreate = s.Infer<typeof WebhookCreate>;

export const WebhookUpdate = s.object("WebhookUpdate", {
  name: s.optional(s.string()),
  description: s.optional(s.string()),
  enabled: s.optional(s.boolean()),
  template: s.optional(template),
  /** Null takes the secret away. */
  secret: s.optional(s.nullable(s.string())),
});
export type WebhookUpdate = s.Infer<typeof WebhookUpdate>;

export const Webhook = s.object("Webhook", {
  id: s.uuid(),
  created: s.supplied(s.dateTime()),
  updated: s.supplied(s.dateTime()),
  name: s.string(),
  description: s.string(),
  enabled: s.boolean(),
  template: s.string(),
  slug: s.string(),
  has_secret: s.boolean(),
});
export type Webhook = s.Infer<typeof Webhook>;

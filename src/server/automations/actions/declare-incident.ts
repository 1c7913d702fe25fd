import type { DeclareIncident } from "../../../schemas/action.ts";
import { eventNow } from "../../events/event-now.ts";
import { storeEvents } from "../../events/lifecycle.ts";
import type { Act } from "./action.ts";
import { target } from "./inference.ts";
import { renderTemplates } from "./render-templates.ts";

/** An incident is an event, for other automations to act upon: they may notify, call or run what deals with it. */
export const declareIncident: Act<DeclareIncident> = async (call) => {
  const { ctx, action, found, triggered } = call;
  const { automation, triggering_event: cause } = triggered;
  const [name = ""] = await renderTemplates(call, [action.name]);
  const incident = target("incident", triggered.id, name);
  found.related.push(incident);
  const { "prefect.resource.role": _role, ...resource } = incident;
  const subject = cause && { ...cause.resource, "prefect.resource.role": "subject" };
  const creator = {
    "prefect.resource.id": `prefect.automation.${automation.id}`,
    "prefect.resource.name": automation.name,
    "prefect.resource.role": "creator",
  };
  return async (tx) => {
    const declared = eventNow(ctx, {
      event: "prefect.incident.declared",
      resource,
      related: [creator, ...(subject ? [subject] : [])],
      payload: { name },
      follows: cause?.id ?? null,
    });
    return { events: await storeEvents(ctx, tx, [declared]) };
  };
};

import type { SeenEvent, TriggeredAction } from "../../../domain/automations/firing.ts";
import { isUuid } from "../../../kit/ids.ts";
import { ActionFailed, type Labels } from "./action.ts";

/** The first resource of that kind, such as `prefect.flow-run`, which an event is about or names beside that. */
export function firstOfKind(event: SeenEvent, kind: string): Labels | undefined {
  return [event.resource, ...event.related].find((resource) => splitId(resource)?.kind === kind);
}

/** The uuid in the id of an object of that kind. */
export function idOfKind(resourceId: string | undefined, kind: string): string | undefined {
  if (!resourceId?.startsWith(`${kind}.`)) return undefined;
  const id = resourceId.slice(kind.length + 1);
  return isUuid(id) ? id.toLowerCase() : undefined;
}

interface Choice {
  readonly source: "selected" | "inferred";
  readonly id: string | null;
  /** Such as `work-pool`. */
  readonly kind: string;
}

/** The object an action is for: the chosen one, or the first the event involves. @throws ActionFailed */
export function chosenOrInferred({ triggering_event: event }: TriggeredAction, { source, id, kind }: Choice): string {
  if (source === "selected" && id !== null) return id;
  const name = kind.replaceAll("-", " ");
  if (!event) throw new ActionFailed(`No event to infer the ${name}`);
  const inferred = idOfKind(firstOfKind(event, `prefect.${kind}`)?.["prefect.resource.id"], `prefect.${kind}`);
  if (inferred === undefined) {
    throw new ActionFailed(`No ${name} could be inferred`);
  }
  return inferred;
}

/** The flow run an action is for: of the trigger's bucket, else of the event. @throws ActionFailed */
export function flowRunOf({ triggering_event: event, triggering_labels }: TriggeredAction): string {
  const kind = "prefect.flow-run";
  const id =
    idOfKind(triggering_labels["prefect.resource.id"], kind) ??
    (event ? idOfKind(firstOfKind(event, kind)?.["prefect.resource.id"], kind) : undefined);
  if (id === undefined) throw new ActionFailed("No flow run could be inferred");
  return id;
}

/** What the resource stands for: a kind, and the last part of its id. */
export function splitId(resource: Labels): { readonly kind: string; readonly id: string } | undefined {
  const text = resource["prefect.resource.id"];
  if (text === undefined) return undefined;
  const at = text.lastIndexOf(".");
  return { kind: text.slice(0, Math.max(at, 0)), id: text.slice(at + 1) };
}

/** @param kind such as `work-pool` */
export function target(kind: string, id: string, name?: string): Labels {
  return {
    "prefect.resource.id": `prefect.${kind}.${id}`,
    ...(name === undefined ? {} : { "prefect.resource.name": name }),
    "prefect.resource.role": "target",
  };
}

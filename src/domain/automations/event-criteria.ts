import type { EventTriggerInput } from "../../schemas/trigger.ts";
import type { SeenEvent } from "./firing.ts";
import { glob, prefixPattern, valuePattern } from "./glob.ts";

type Labels = Readonly<Record<string, string>>;
type Specification = EventTriggerInput["match"];

/** Which events a trigger is about, made ready for many questions. */
export interface EventCriteria {
  /** By its name alone, the event may concern the trigger. */
  wantsName(name: string): boolean;
  covers(event: SeenEvent): boolean;
  /** The event begins the time in which others are expected. */
  startsAfter(name: string): boolean;
  expects(name: string): boolean;
  /** The values of the labels in `for_each`, in the labels' alphabetical order; "" where the event has none. */
  bucketingKey(event: SeenEvent): readonly string[];
  /** The labels of `bucketingKey`. */
  readonly keyLabels: readonly string[];
}

export function eventCriteria(trigger: EventTriggerInput): EventCriteria {
  const names = trigger.expect.length === 0 ? ["*"] : [...trigger.expect, ...trigger.after];
  const [globs, prefixes] = [names.map(glob), names.map(prefixPattern)];
  const starts = trigger.after.map(valuePattern);
  const expected = trigger.expect.map(valuePattern);
  const coversResources = resourceCriteria(trigger);
  const keyLabels = trigger.for_each.toSorted();
  const wantsName = (name: string) =>
    globs.some((matches) => matches(name)) && prefixes.some((matches) => matches(name));
  return {
    wantsName,
    covers: (event) => wantsName(event.event) && coversResources(event),
    startsAfter: (name) => starts.some((matches) => matches(name)),
    expects: (name) => expected.length === 0 || expected.some((matches) => matches(name)),
    bucketingKey: (event) => keyLabels.map((label) => findLabel(event, label) ?? ""),
    keyLabels,
  };
}

/** Whether the resources of an event are those that a trigger is about. */
export function resourceCriteria(
  trigger: Pick<EventTriggerInput, "match" | "match_related">,
): (event: Pick<SeenEvent, "resource" | "related">) => boolean {
  const match = specification(trigger.match);
  const related = [trigger.match_related].flat().map(specification);
  return (event) => match([event.resource]) && related.every((includes) => includes(event.related));
}

/** Whether one of the resources has every label of the specification, with one of the values given for it. */
function specification(wanted: Specification): (resources: readonly Labels[]) => boolean {
  const labels = Object.entries(wanted).map(
    ([label, values]) => [label, [values].flat().map((value) => valuePattern(value))] as const,
  );
  if (labels.length === 0) return () => true;
  return (resources) =>
    resources.some((resource) => labels.every(([label, values]) => values.some((matches) => matches(resource[label]))));
}

const RELATED_LABEL = /^related:(?<role>.*):(?<label>[^:]*)$/s;

/** A label of the resource, or `related:<role>:<label>`: that of the first related resource in the role. */
function findLabel(event: SeenEvent, label: string): string | undefined {
  const { role, label: relatedLabel = "" } = RELATED_LABEL.exec(label)?.groups ?? {};
  const related = role === undefined ? undefined : event.related.find((each) => each["prefect.resource.role"] === role);
  return related ? related[relatedLabel] : event.resource[label];
}

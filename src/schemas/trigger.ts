import * as s from "../kit/schema/schema.ts";
import { ResourceSpecification } from "./event.ts";

const MIN_PROACTIVE_SECONDS = 10;

const specificationNodes = [
  ResourceSpecification.jsonSchema,
  {
    type: "object",
    additionalProperties: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
  },
];

const match = s.documented(ResourceSpecification, { replace: { anyOf: specificationNodes } });

const matchRelated = s.documented(s.union([ResourceSpecification, s.array(ResourceSpecification)]), {
  keywords: { anyOf: [...specificationNodes, { type: "array", items: { anyOf: specificationNodes } }] },
});

const eventFields = {
  match: s.defaulted(match, () => ({})),
  match_related: s.defaulted(matchRelated, () => ({})),
  after: s.defaulted(s.set(s.string()), () => []),
  expect: s.defaulted(s.set(s.string()), () => []),
  for_each: s.defaulted(s.set(s.string()), () => []),
  posture: s.oneOf(["Reactive", "Proactive"]),
  threshold: s.defaulted(s.integer(), 1),
} as const;

const windowNode = { anyOf: [{ type: "number" }, { type: "string", format: "duration" }], minimum: 0, default: "PT0S" };
const windowSeconds = s.refine(s.duration(windowNode), (seconds) =>
  seconds < 0 ? "Input should be greater than or equal to 0 seconds" : undefined,
);

/** Fires on events that come (`Reactive`) or stay away (`Proactive`); a proactive one waits 10 s or more. */
export const EventTriggerInput = s.preprocess(
  s.refine(
    s.object(
      "EventTrigger-Input",
      {
        type: s.defaulted(s.literal("event"), "event"),
        id: s.optional(s.uuid()),
        ...eventFields,
        within: s.defaulted(windowSeconds, () => 0),
      },
      { label: "EventTrigger" },
    ),
    ({ posture, within }) =>
      posture === "Proactive" && within < MIN_PROACTIVE_SECONDS
        ? "`within` for Proactive triggers must be greater than or equal to 10 seconds"
        : undefined,
  ),
  fillWindow,
);
export type EventTriggerInput = s.Infer<typeof EventTriggerInput>;

export const EventTriggerOutput = s.object(
  "EventTrigger-Output",
  {
    type: s.defaulted(s.literal("event"), "event"),
    id: s.supplied(s.uuid()),
    ...eventFields,
    within: s.defaulted(s.number({ ge: 0 }), 0),
  },
  { label: "EventTrigger" },
);
export type EventTriggerOutput = s.Infer<typeof EventTriggerOutput>;

interface Composite<Trigger> {
  readonly triggers: readonly Trigger[];
  /** Seconds, or null for no limit. */
  readonly within: number | null;
}
interface CompoundParts<Trigger> extends Composite<Trigger> {
  readonly type: "compound";
  readonly require: number | "any" | "all";
}
interface SequenceParts<Trigger> extends Composite<Trigger> {
  readonly type: "sequence";
}

export interface CompoundTriggerInput extends CompoundParts<TriggerInput> {
  readonly id?: string;
}
export interface SequenceTriggerInput extends SequenceParts<TriggerInput> {
  readonly id?: string;
}
export interface CompoundTriggerOutput extends CompoundParts<TriggerOutput> {
  readonly id: string;
}
export interface SequenceTriggerOutput extends SequenceParts<TriggerOutput> {
  readonly id: string;
}

/** A trigger in a request: ids are made up where absent. */
export type TriggerInput = EventTriggerInput | CompoundTriggerInput | SequenceTriggerInput;
/** A trigger as stored and shown. */
export type TriggerOutput = EventTriggerOutput | CompoundTriggerOutput | SequenceTriggerOutput;

const required = s.union([s.integer(), s.oneOf(["any", "all"])]);
const windowInput = s.documented(s.nullable(s.duration()), {
  replace: { anyOf: [{ type: "number" }, { type: "string", format: "duration" }, { type: "null" }] },
});

const childInput: s.Schema<TriggerInput> = s.union([
  EventTriggerInput,
  s.lazy<CompoundTriggerInput>("CompoundTrigger-Input", () => CompoundTriggerInput),
  s.lazy<SequenceTriggerInput>("SequenceTrigger-Input", () => SequenceTriggerInput),
]);

/** Fires when `require` of its triggers have fired within the window. */
export const CompoundTriggerInput: s.Schema<CompoundTriggerInput> = s.refine(
  s.object(
    "CompoundTrigger-Input",
    {
      type: s.defaulted(s.literal("compound"), "compound"),
      id: s.optional(s.uuid()),
      triggers: s.array(childInput),
      within: windowInput,
      require: required,
    },
    { label: "CompoundTrigger" },
  ),
  checkRequire,
);

/** Fires when its triggers have fired in order within the window. */
export const SequenceTriggerInput: s.Schema<SequenceTriggerInput> = s.object(
  "SequenceTrigger-Input",
  {
    type: s.defaulted(s.literal("sequence"), "sequence"),
    id: s.optional(s.uuid()),
    triggers: s.array(childInput),
    within: windowInput,
  },
  { label: "SequenceTrigger" },
);

export const TriggerInput: s.Schema<TriggerInput> = s.union([
  EventTriggerInput,
  CompoundTriggerInput,
  SequenceTriggerInput,
]);

const childOutput: s.Schema<TriggerOutput> = s.union([
  EventTriggerOutput,
  s.lazy<CompoundTriggerOutput>("CompoundTrigger-Output", () => CompoundTriggerOutput),
  s.lazy<SequenceTriggerOutput>("SequenceTrigger-Output", () => SequenceTriggerOutput),
]);

export const CompoundTriggerOutput: s.Schema<CompoundTriggerOutput> = s.object(
  "CompoundTrigger-Output",
  {
    type: s.defaulted(s.literal("compound"), "compound"),
    id: s.supplied(s.uuid()),
    triggers: s.array(childOutput),
    within: s.nullable(s.number()),
    require: required,
  },
  { label: "CompoundTrigger" },
);

export const SequenceTriggerOutput: s.Schema<SequenceTriggerOutput> = s.object(
  "SequenceTrigger-Output",
  {
    type: s.defaulted(s.literal("sequence"), "sequence"),
    id: s.supplied(s.uuid()),
    triggers: s.array(childOutput),
    within: s.nullable(s.number()),
  },
  { label: "SequenceTrigger" },
);

export const TriggerOutput: s.Schema<TriggerOutput> = s.union([
  EventTriggerOutput,
  CompoundTriggerOutput,
  SequenceTriggerOutput,
]);

/** A proactive trigger without a window, or with none to speak of, gets the shortest one. */
function fillWindow(input: unknown): unknown {
  if (!s.isRecord(input) || input.posture !== "Proactive") return input;
  const isAbsent = input.within === undefined || input.within === 0;
  return isAbsent ? { ...input, within: MIN_PROACTIVE_SECONDS } : input;
}

function checkRequire(trigger: { require: number | string; triggers: readonly unknown[] }): string | undefined {
  if (typeof trigger.require !== "number") return undefined;
  if (trigger.require < 1) return "require must be at least 1";
  return trigger.require > trigger.triggers.length
    ? "require must be less than or equal to the number of triggers"
    : undefined;
}

import * as s from "../kit/schema/schema.ts";
import { ResourceSpecification } from "./event.ts";

const MIN_PROACTIVE_SECONDS = 10;

const plainSpecification = s.record(s.union([s.string(), s.array(s.string())]));
const specification = s.union([ResourceSpecification, plainSpecification]);
const specifications = s.array(specification);

type Specification = ResourceSpecification;

/** Objects are taken for specifications at once; only what is no object fails as each of the kinds. */
const match = s.switched<Specification>(specification, (input) =>
  s.isRecord(input) ? ResourceSpecification : undefined,
);

const matchRelated = s.switched<Specification | readonly Specification[]>(
  s.documented(s.union([ResourceSpecification, plainSpecification, specifications]), {
    keywords: { anyOf: [...specificationNodes(), { type: "array", items: { anyOf: specificationNodes() } }] },
  }),
  (input) => {
    if (s.isRecord(input)) return ResourceSpecification;
    const wrong = Array.isArray(input) ? input.find((item) => s.isRecord(item) && !fits(item)) : undefined;
    return wrong === undefined ? undefined : s.preprocess(ResourceSpecification, () => wrong);
  },
);

function specificationNodes() {
  return [ResourceSpecification.jsonSchema, plainSpecification.jsonSchema];
}

const fits = (input: unknown) => ResourceSpecification.parse(input).ok;

const eventFields = {
  match: s.defaulted(match, () => ({})),
  match_related: s.defaulted(matchRelated, () => ({})),
  after: s.defaulted(s.set(s.string()), () => []),
  expect: s.defaulted(s.set(s.string()), () => []),
  for_each: s.defaulted(s.set(s.string()), () => []),
  posture: s.oneOfMembers(["Reactive", "Proactive"], "Posture"),
  threshold: s.defaulted(s.integer(), 1),
} as const;

const MIN_METRIC_SECONDS = 300;
const metricSeconds = s.defaulted(
  s.refine(s.duration(), (seconds) =>
    seconds < MIN_METRIC_SECONDS ? "The minimum range is 300 seconds (5 minutes)" : undefined,
  ),
  MIN_METRIC_SECONDS,
);

/**
 * Fires when a metric of flow runs has been beyond a threshold for `firing_for` seconds, and again when it has not been
 * for as long. `successes` is the part of the runs that ended within `range` seconds and were completed, from 0 to 1;
 * `duration` and `lateness` are means in seconds.
 */
const MetricTriggerInput = s.object("MetricTrigger", {
  type: s.literal("metric"),
  id: s.optional(s.uuid()),
  match: eventFields.match,
  match_related: eventFields.match_related,
  posture: s.defaulted(s.literal("Metric"), "Metric"),
  metric: s.object("MetricTriggerQuery", {
    name: s.oneOf(["lateness", "duration", "successes"]),
    threshold: s.number(),
    operator: s.oneOf(["<", "<=", ">", ">="]),
    range: metricSeconds,
    firing_for: metricSeconds,
  }),
});
export type MetricTriggerInput = s.Infer<typeof MetricTriggerInput>;

const windowNode = { anyOf: [{ type: "number" }, { type: "string", format: "duration" }], minimum: 0, default: "PT0S" };

/** Fires on events that come (`Reactive`) or stay away (`Proactive`); a proactive one waits 10 s or more. */
export const EventTriggerInput = s.preprocess(
  s.guard(
    s.object(
      "EventTrigger-Input",
      {
        type: s.defaulted(s.literal("event"), "event"),
        id: s.optional(s.uuid()),
        ...eventFields,
        within: s.defaulted(s.positiveDuration(windowNode), () => 0),
      },
      { label: "EventTrigger" },
    ),
    checkWindow,
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
export type TriggerInput = EventTriggerInput | MetricTriggerInput | CompoundTriggerInput | SequenceTriggerInput;
/** A trigger as stored and shown. */
export type TriggerOutput = EventTriggerOutput | CompoundTriggerOutput | SequenceTriggerOutput;

const required = s.union([s.integer(), s.oneOf(["any", "all"])]);
const windowInput = s.documented(s.nullable(s.duration()), {
  replace: { anyOf: [{ type: "number" }, { type: "string", format: "duration" }, { type: "null" }] },
});

/** How the reference names a compound trigger where it lists what is wrong with each kind of trigger. */
const COMPOUND_IN_COMPOUND = "function-after[validate_require(), CompoundTrigger]";
const COMPOUND = `function-after[validate_require(), ${COMPOUND_IN_COMPOUND}]`;

function childInput(compoundLabel: string): s.Schema<TriggerInput> {
  return orMetric(
    s.union([
      EventTriggerInput,
      s.lazy<CompoundTriggerInput>("CompoundTrigger-Input", () => CompoundTriggerInput, compoundLabel),
      s.lazy<SequenceTriggerInput>("SequenceTrigger-Input", () => SequenceTriggerInput, "SequenceTrigger"),
    ]),
  );
}

/** What asks for a metric is one, and nothing else is: the reference's document and errors know of no such trigger. */
function orMetric(schema: s.Schema<TriggerInput>): s.Schema<TriggerInput> {
  return s.switched<TriggerInput>(schema, (input) =>
    s.isRecord(input) && input.type === "metric" ? MetricTriggerInput : undefined,
  );
}

/** Fires when `require` of its triggers have fired within the window. */
export const CompoundTriggerInput: s.Schema<CompoundTriggerInput> = s.refine(
  s.object(
    "CompoundTrigger-Input",
    {
      type: s.defaulted(s.literal("compound"), "compound"),
      id: s.optional(s.uuid()),
      triggers: s.array(childInput(COMPOUND_IN_COMPOUND)),
      within: windowInput,
      require: required,
    },
    { label: "CompoundTrigger" },
  ),
  checkRequire,
  COMPOUND,
);

/** Fires when its triggers have fired in order within the window. */
export const SequenceTriggerInput: s.Schema<SequenceTriggerInput> = s.object(
  "SequenceTrigger-Input",
  {
    type: s.defaulted(s.literal("sequence"), "sequence"),
    id: s.optional(s.uuid()),
    triggers: s.array(childInput(COMPOUND)),
    within: windowInput,
  },
  { label: "SequenceTrigger" },
);

export const TriggerInput: s.Schema<TriggerInput> = orMetric(
  s.union([EventTriggerInput, CompoundTriggerInput, SequenceTriggerInput]),
);

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

/** The window in seconds; undefined for none, and for what is no length of time. */
function readWindow({ within }: Readonly<Record<string, unknown>>): number | undefined {
  const read = within === undefined || within === null ? undefined : s.duration().parse(within);
  return read?.ok ? read.value : undefined;
}

/**
 * A proactive trigger without a window, or with none to speak of, gets the shortest one. In place: refusals show it, and
 * the other kinds of trigger find it there, as in the reference.
 */
function fillWindow(input: unknown): unknown {
  if (!s.isRecord(input) || input.within === null) return input;
  const seconds = readWindow(input);
  const isOpen = input.posture === "Proactive" && (input.within === undefined || seconds === 0);
  if (isOpen) return Object.assign(input, { within: MIN_PROACTIVE_SECONDS });
  return seconds === undefined ? input : Object.assign(input, { within: seconds });
}

function checkWindow(input: unknown): string | undefined {
  if (!s.isRecord(input)) return undefined;
  if (input.within === null) return "`within` should be a valid timedelta";
  const seconds = readWindow(input);
  return input.posture === "Proactive" && seconds !== undefined && seconds < MIN_PROACTIVE_SECONDS
    ? `\`within\` for Proactive triggers must be greater than or equal to ${MIN_PROACTIVE_SECONDS} seconds`
    : undefined;
}

function checkRequire(trigger: { require: number | string; triggers: readonly unknown[] }): string | undefined {
  if (typeof trigger.require !== "number") return undefined;
  if (trigger.require < 1) return "require must be at least 1";
  return trigger.require > trigger.triggers.length
    ? "require must be less than or equal to the number of triggers"
    : undefined;
}

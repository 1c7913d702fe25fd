import { isRecord } from "../../../src/kit/schema/schema.ts";
import type { Normalised } from "../normalise.ts";

interface Told {
  readonly event: string;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: unknown;
}

interface KnownDifference {
  readonly because: string;
  /** What is left to compare of an event; nothing when it is told by one server only. */
  readonly compared: (event: Told) => Told | undefined;
}

/** By the names of resource and script. */
const KNOWN: Readonly<Record<string, KnownDifference>> = {
  "deployments: update": {
    because: "The reference tells that a deployment has lost its limit, but not that it was given one.",
    compared: (event) =>
      isRecord(event.payload) && String(event.payload.updated_fields) === "concurrency_limit_id" ? undefined : event,
  },
  "block-documents: documents of deployments and work pools": {
    because: "The reference looks for the result storage of a new pool where it has not been stored yet.",
    compared: ({ related, ...event }) => ({
      ...event,
      related: related.filter((labels) => labels["prefect.resource.role"] !== "result-storage"),
    }),
  },
  "blocks: types: those of the system": {
    because: "The descriptions of block types are our own, and they have no pictures.",
    compared({ payload, ...event }) {
      if (!isRecord(payload)) return { ...event, payload };
      const { code_example, description, documentation_url, logo_url, ...compared } = payload;
      return { ...event, payload: compared };
    },
  },
};

/** The streams of a script without what is known to differ. */
export function withoutKnown(script: string, streams: readonly Normalised[]): readonly Normalised[] {
  const { compared = (event: Told) => event } = KNOWN[script] ?? {};
  return streams.map((stream) => ({
    ...stream,
    body: (stream.body as Told[][])
      .map((events) => events.filter(isToldOnce).flatMap((event) => compared(event) ?? []))
      .sort(byText),
  }));
}

/** Polls that follow each other closely find a queue not ready twice, and the reference tells of each. */
function isToldOnce({ event }: Told, index: number, events: readonly Told[]): boolean {
  return event !== "prefect.work-queue.ready" || events[index - 1]?.event !== event;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

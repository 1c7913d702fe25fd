import { parseJson } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";

/** What a subscriber asks a stream for in its first message. */
export interface StreamRequest<Filter> {
  readonly filter: Filter;
  /** @default true */
  readonly backfill: boolean;
}

/** Reads `{"type": "filter", "filter", "backfill"}`. A text says why it is none; a close frame has room for 123 bytes. */
export function readStreamRequest<Filter>(text: string, schema: s.Schema<Filter>): StreamRequest<Filter> | string {
  const message = parseMessage(text);
  if (message?.type !== "filter") return "Expected 'filter' message";
  const filter = schema.parse(message.filter);
  if (!filter.ok) return `Invalid filter: ${filter.errors[0]?.msg ?? ""}`.slice(0, 100);
  return { filter: filter.value, backfill: message.backfill === undefined || isTruthy(message.backfill) };
}

function parseMessage(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const message = parseJson(text);
    return s.isRecord(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Clients may say no in any way that Python takes for it. */
function isTruthy(value: unknown): boolean {
  return Boolean(value);
}

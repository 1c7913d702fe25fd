import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { findWebhookBySlug, type WebhookRow } from "../../db/repositories/webhooks.ts";
import { renderTemplate } from "../../domain/templates/render.ts";
import { parseJson } from "../../kit/json.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import { Event } from "../../schemas/event.ts";
import type { ServerContext } from "../context.ts";
import { BodyTooLarge, WebhookNotFound, WebhookRefused, WebhookUnauthorized } from "../errors.ts";
import { eventNow } from "../events/event-now.ts";
import { callValues, readCallBody } from "./call-values.ts";

/** As large as an event may be. */
const MAX_BYTES = 1_500_000;

/** A call of a webhook. */
export interface IncomingCall {
  readonly slug: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/**
 * Stores the event that a call amounts to. Gives what the caller is to be answered, if it waits for an answer.
 * @throws WebhookNotFound, WebhookUnauthorized, BodyTooLarge, WebhookRefused
 */
export async function receiveCall(ctx: ServerContext, call: IncomingCall): Promise<unknown> {
  const webhook = await findWebhookBySlug(ctx.db.read, call.slug);
  if (!webhook?.enabled) throw WebhookNotFound();
  if (!isAdmitted(webhook, call.headers)) throw WebhookUnauthorized();
  if (call.bytes.length > MAX_BYTES) throw BodyTooLarge(MAX_BYTES);
  const handshake = subscriptionAnswer(call);
  if (handshake !== undefined) return handshake;
  const made = makeEvent(ctx, webhook, call);
  if ("reason" in made) {
    await ctx.ingest.add([toldEvent(ctx, webhook, { what: "failed", payload: { reason: made.reason } })]);
    throw WebhookRefused(made.reason);
  }
  const payload = { method: call.method, event: made.event.id };
  await ctx.ingest.add([made.event, toldEvent(ctx, webhook, { what: "received", payload })]);
  return undefined;
}

function isAdmitted({ secret_hash }: WebhookRow, { authorization = "" }: IncomingHttpHeaders): boolean {
  if (secret_hash === null) return true;
  const [, sent = ""] = /^Bearer\s+(\S+)$/i.exec(authorization) ?? [];
  return timingSafeEqual(createHash("sha256").update(sent).digest(), Buffer.from(secret_hash, "hex"));
}

/** Azure's Event Grid asks whether the address wants its events. */
function subscriptionAnswer({ headers, bytes }: IncomingCall): unknown {
  if (headers["aeg-event-type"] !== "SubscriptionValidation") return undefined;
  const body = readCallBody(headers, bytes);
  const first: unknown = Array.isArray(body) ? body[0] : undefined;
  const data = isRecord(first) && isRecord(first.data) ? first.data : {};
  return { validationResponse: data.validationCode ?? null };
}

function makeEvent(
  ctx: ServerContext,
  { template }: WebhookRow,
  call: IncomingCall,
): { readonly event: Event } | { readonly reason: string } {
  const rendering = renderTemplate(template, callValues(call));
  if (rendering.kind === "failed") return { reason: rendering.reason };
  const made = readObject(rendering.text);
  if (made === undefined) return { reason: "the template does not give a JSON object" };
  const event = Event.parse({ id: ctx.ids.next(), occurred: ctx.clock.now(), ...made });
  if (event.ok) return { event: event.value };
  return { reason: event.errors.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; ") };
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // What a caller sends can make any text of a template.
    return undefined;
  }
}

function toldEvent(
  ctx: ServerContext,
  { id, name }: WebhookRow,
  told: { readonly what: "received" | "failed"; readonly payload: Readonly<Record<string, unknown>> },
): Event {
  const { received: _received, ...event } = eventNow(ctx, {
    event: `prefect.webhook.${told.what}`,
    resource: { "prefect.resource.id": `prefect.webhook.${id}`, "prefect.resource.name": name },
    payload: told.payload,
  });
  return event as Event;
}

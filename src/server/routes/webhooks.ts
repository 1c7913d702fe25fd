import { createHash, randomBytes } from "node:crypto";
import {
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhook,
  type WebhookRow,
} from "../../db/repositories/webhooks.ts";
import type { RowChanges } from "../../db/tables.ts";
import * as s from "../../kit/schema/schema.ts";
import { Webhook, WebhookCreate, WebhookUpdate } from "../../schemas/webhook.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { WebhookNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, route } from "../route.ts";

const base = { tag: "Webhooks", hidden: true } as const;
const SLUG_BYTES = 24;

/** Not in the document, which is the reference's: its server has no webhooks, its Cloud has. */
export const webhookRoutes: readonly Route[] = [
  route({
    ...base,
    method: "POST",
    path: "/webhooks/",
    operationId: "create_webhook_webhooks__post",
    summary: "Create a webhook: an address that turns a call into an event.",
    body: WebhookCreate,
    status: 201,
    response: Webhook,
    async handle(ctx, { body }) {
      const { secret, ...fields } = body;
      const created = stamp(ctx);
      const row = { ...fields, id: ctx.ids.next(), created, updated: created, slug: newSlug(), ...hashed(secret) };
      return webhookView(await ctx.db.write((tx) => insertWebhook(tx, row)));
    },
  }),

  route({
    ...base,
    method: "POST",
    path: "/webhooks/filter",
    operationId: "read_webhooks_webhooks_filter_post",
    summary: "List webhooks by name.",
    body: parts("Body_read_webhooks_webhooks_filter_post", sliceParts),
    response: s.array(Webhook),
    handle: async (ctx, { body }) => (await listWebhooks(ctx.db.read, slice(ctx, body))).map(webhookView),
  }),

  route({
    ...base,
    method: "GET",
    path: "/webhooks/{id:uuid}",
    operationId: "read_webhook_webhooks__id__get",
    summary: "Read one webhook.",
    response: Webhook,
    handle: async (ctx, { params }) => webhookView(found(await findWebhook(ctx.db.read, params.id))),
  }),

  route({
    ...base,
    method: "PUT",
    path: "/webhooks/{id:uuid}",
    operationId: "update_webhook_webhooks__id__put",
    summary: "Change those fields of a webhook that are given.",
    body: WebhookUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      const { secret, ...fields } = body;
      await change(ctx, params.id, { ...fields, ...(secret === undefined ? {} : hashed(secret)) });
    },
  }),

  route({
    ...base,
    method: "POST",
    path: "/webhooks/{id:uuid}/rotate",
    operationId: "rotate_webhook_webhooks__id__rotate_post",
    summary: "Give a webhook another address; the old one is gone at once.",
    response: Webhook,
    handle: async (ctx, { params }) => webhookView(await change(ctx, params.id, { slug: newSlug() })),
  }),

  route({
    ...base,
    method: "DELETE",
    path: "/webhooks/{id:uuid}",
    operationId: "delete_webhook_webhooks__id__delete",
    summary: "Delete a webhook.",
    status: 204,
    async handle(ctx, { params }) {
      if (!(await ctx.db.write((tx) => deleteWebhook(tx, params.id)))) throw WebhookNotFound();
    },
  }),
];

async function change(ctx: ServerContext, id: string, changes: RowChanges<"prefect_ts_webhook">): Promise<WebhookRow> {
  return found(await ctx.db.write((tx) => updateWebhook(tx, id, { ...changes, updated: stamp(ctx) })));
}

function found(row: WebhookRow | undefined): WebhookRow {
  if (!row) throw WebhookNotFound();
  return row;
}

function webhookView({ secret_hash, ...row }: WebhookRow): Webhook {
  return { ...row, has_secret: secret_hash !== null };
}

function newSlug(): string {
  return randomBytes(SLUG_BYTES).toString("base64url");
}

function hashed(secret: string | null) {
  return { secret_hash: secret ? createHash("sha256").update(secret).digest("hex") : null };
}

const stamp = (ctx: ServerContext) => ctx.db.dialect.timestamp(ctx.clock.now());

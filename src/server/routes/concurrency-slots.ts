import { lockConcurrencyLimits } from "../../db/repositories/concurrency-limits.ts";
import { renewLease } from "../../db/repositories/leases.ts";
import * as s from "../../kit/schema/schema.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import {
  ConcurrencyLeaseHolder,
  ConcurrencyLimitWithLeaseResponse,
  MinimalConcurrencyLimitResponse,
} from "../../schemas/concurrency-limit.ts";
import { parts } from "../body-parts.ts";
import { type Acquisition, acquireLease, acquireSlots } from "../concurrency/acquire-slots.ts";
import { releaseLease } from "../concurrency/release-lease.ts";
import { writeReleasedSlots } from "../concurrency/write-slots.ts";
import { LeaseNotFound, SlotsTaken } from "../errors.ts";
import { type Route, route } from "../route.ts";
import { minimalLimitView } from "../views/concurrency-limit.ts";

const tag = "Concurrency Limits V2";

const DAY_SECONDS = 86_400;
const slots = s.integer({ gt: 0 });
const names = s.array(s.string(), { minLength: 1 });
const mode = s.defaulted(s.oneOf(["concurrency", "rate_limit"]), "concurrency");
const lease_duration = s.defaulted(s.number({ ge: 60, le: DAY_SECONDS }), 300);
/** Limits were once made on use; clients of that time still say so. */
const deprecated = { keywords: { deprecated: true } } as const;
const create_if_missing = s.optional(s.documented(s.nullable(s.boolean()), deprecated));

/** Taking slots of limits and giving them back. */
export const concurrencySlotRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/concurrency_limits/increment",
    operationId: "bulk_increment_active_slots_v2_concurrency_limits_increment_post",
    tag,
    summary: "Take slots of all these limits, or of none: 423 when one is full.",
    body: parts("Body_bulk_increment_active_slots_v2_concurrency_limits_increment_post", {
      slots,
      names,
      mode,
      create_if_missing,
    }),
    response: s.array(MinimalConcurrencyLimitResponse),
    async handle(ctx, { body }) {
      return acquiredLimits(await ctx.db.write((tx) => acquireSlots(ctx, tx, body)));
    },
  }),

  route({
    method: "POST",
    path: "/v2/concurrency_limits/increment-with-lease",
    operationId: "bulk_increment_active_slots_with_lease_v2_concurrency_limits_increment_with_lease_post",
    tag,
    summary: "Take slots under a lease; they come back by themselves when it is not renewed in time.",
    body: parts("Body_bulk_increment_active_slots_with_lease_v2_concurrency_limits_increment_with_lease_post", {
      slots,
      names,
      mode,
      lease_duration,
      holder: s.optional(s.nullable(ConcurrencyLeaseHolder)),
    }),
    response: ConcurrencyLimitWithLeaseResponse,
    async handle(ctx, { body }) {
      const asked = { ...body, ttlSeconds: body.lease_duration, holder: body.holder ?? null };
      const { acquisition, leaseId } = await ctx.db.write((tx) => acquireLease(ctx, tx, asked));
      return { lease_id: leaseId, limits: acquiredLimits(acquisition) };
    },
  }),

  route({
    method: "POST",
    path: "/v2/concurrency_limits/decrement",
    operationId: "bulk_decrement_active_slots_v2_concurrency_limits_decrement_post",
    tag,
    summary: "Give slots of these limits back.",
    body: parts("Body_bulk_decrement_active_slots_v2_concurrency_limits_decrement_post", {
      slots,
      names,
      occupancy_seconds: s.optional(s.nullable(s.number({ gt: 0 }))),
      create_if_missing: s.optional(s.documented(s.boolean(), deprecated)),
    }),
    response: s.array(MinimalConcurrencyLimitResponse),
    handle: (ctx, { body }) =>
      ctx.db.write(async (tx) => {
        const limits = await lockConcurrencyLimits(tx, { names: body.names });
        const occupancySeconds = body.occupancy_seconds ?? undefined;
        await writeReleasedSlots(ctx, tx, { limits, slots: body.slots, occupancySeconds });
        return limits.map(minimalLimitView);
      }),
  }),

  route({
    method: "POST",
    path: "/v2/concurrency_limits/decrement-with-lease",
    operationId: "bulk_decrement_active_slots_with_lease_v2_concurrency_limits_decrement_with_lease_post",
    tag,
    summary: "Give back the slots a lease holds, and end it; an unknown lease is no error.",
    body: parts("Body_bulk_decrement_active_slots_with_lease_v2_concurrency_limits_decrement_with_lease_post", {
      lease_id: s.uuid(),
    }),
    status: 204,
    async handle(ctx, { body }) {
      await ctx.db.write((tx) => releaseLease(ctx, tx, { id: body.lease_id, countsOccupancy: true }));
    },
  }),

  route({
    method: "POST",
    path: "/v2/concurrency_limits/leases/{lease_id}/renew",
    operationId: "renew_concurrency_lease_v2_concurrency_limits_leases__lease_id__renew_post",
    tag,
    summary: "Keep a lease for longer; 410 when it is gone.",
    params: s.object("RenewedLease", { lease_id: s.uuid() }),
    body: parts("Body_renew_concurrency_lease_v2_concurrency_limits_leases__lease_id__renew_post", { lease_duration }),
    status: 204,
    async handle(ctx, { params, body }) {
      const now = ctx.clock.now();
      const times = { now, expires: addSeconds(now, body.lease_duration) };
      if (!(await ctx.db.write((tx) => renewLease(tx, params.lease_id ?? "", times)))) throw LeaseNotFound();
    },
  }),
];

/** @throws SlotsTaken */
function acquiredLimits(acquisition: Acquisition) {
  if (acquisition.kind === "full") throw SlotsTaken(acquisition.retryAfterSeconds);
  return acquisition.limits.map(minimalLimitView);
}

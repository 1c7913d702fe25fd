import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";

export const CHANNEL_VERSION = "work_pool_worker_channel.v1";

export const CANCELLING_TIMEOUT_TEARDOWN = "cancelling_timeout_teardown.v1";
export const CleanupKind = s.oneOf([CANCELLING_TIMEOUT_TEARDOWN, "pending_claim_teardown.v1"]);
export type CleanupKind = s.Infer<typeof CleanupKind>;

const HEARTBEAT = "worker_heartbeat.v1";
const SNAPSHOT = "work_pool_snapshot.v1";
export const CLEANUP_DELIVERY = "cleanup_delivery.v1";
/** A worker that does not want these is no worker of this channel. */
export const REQUIRED_CAPABILITIES = [HEARTBEAT, SNAPSHOT] as const;

const forbid = { extra: "forbid" } as const;
const words = s.array(s.string({ minLength: 1 }));

function frame<const Type extends string, Payload>(name: string, type: Type, payload: s.Schema<Payload>) {
  return s.object(name, { type: s.literal(type), id: s.uuid(), sent_at: s.dateTime(), payload }, forbid);
}

const HelloFields = s.object(
  "WorkerHelloPayload",
  {
    consumer_id: s.uuid(),
    worker_name: s.string({ minLength: 1 }),
    worker_type: s.string({ minLength: 1 }),
    heartbeat_interval_seconds: s.integer({ gt: 0 }),
    supported_channel_versions: s.array(s.string({ minLength: 1 }), { minLength: 1 }),
    requested_capabilities: s.array(s.string({ minLength: 1 }), { minLength: 1 }),
    work_queue_names: s.defaulted(words, () => []),
    handled_cleanup_kinds: s.defaulted(s.array(CleanupKind), () => []),
    max_cleanup_concurrency: s.optional(s.integer({ ge: 0 })),
    create_pool_if_not_found: s.defaulted(s.boolean(), false),
    default_base_job_template: s.defaulted(s.record(s.json()), () => ({})),
    worker_metadata: orNull(s.record(s.json())),
  },
  forbid,
);

const HelloPayload = s.refine(HelloFields, (hello) => {
  const missing = REQUIRED_CAPABILITIES.filter((capability) => !hello.requested_capabilities.includes(capability));
  if (missing.length > 0) return `The channel cannot do without ${missing.join(", ")}`;
  if (hello.requested_capabilities.includes(CLEANUP_DELIVERY)) return undefined;
  const wantsCleanup = hello.handled_cleanup_kinds.length > 0 || (hello.max_cleanup_concurrency ?? 0) > 0;
  return wantsCleanup ? `Cleaning up takes ${CLEANUP_DELIVERY}` : undefined;
});

export const WorkerHello = frame("WorkerHelloFrame", "worker.hello.v1", HelloPayload);
export type WorkerHello = s.Infer<typeof WorkerHello>;

const HeartbeatPayload = s.object(
  "WorkerHeartbeatPayload",
  {
    consumer_id: s.uuid(),
    worker_name: s.string({ minLength: 1 }),
    heartbeat_interval_seconds: s.integer({ gt: 0 }),
  },
  forbid,
);
const reservation = { message_id: s.uuid(), reservation_token: s.string({ minLength: 1 }) };
const OperationPayload = s.object("CleanupOperationPayload", reservation, forbid);
const ReleasePayload = s.object(
  "CleanupReleasePayload",
  { ...reservation, reason: s.string({ minLength: 1 }) },
  forbid,
);

/** What a worker may say once it is connected. */
export const WorkerFrame = s.discriminated("type", {
  "worker.heartbeat.v1": frame("WorkerHeartbeatFrame", "worker.heartbeat.v1", HeartbeatPayload),
  "cleanup.ack.v1": frame("CleanupAckFrame", "cleanup.ack.v1", OperationPayload),
  "cleanup.release.v1": frame("CleanupReleaseFrame", "cleanup.release.v1", ReleasePayload),
  "cleanup.renew.v1": frame("CleanupRenewFrame", "cleanup.renew.v1", OperationPayload),
});
export type WorkerFrame = s.Infer<typeof WorkerFrame>;

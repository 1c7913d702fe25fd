import { emptyArray, identity, integer, optional, table, text, timestamp, uuid } from "../table-definition.ts";

/**
 * Tables of ours beside the reference's. They have no foreign keys, so that the reference's own migrations can drop
 * what they point to.
 */
export const ownTables = {
  /** One holder's claim to slots, to be renewed before it expires. `limit_ids`: the concurrency limits it takes slots of. */
  prefect_ts_lease: table(
    "prefect_ts_lease",
    {
      ...identity,
      limit_ids: emptyArray(),
      /** Slots taken of each limit. */
      slots: integer(),
      holder_type: optional(text()),
      holder_id: optional(uuid()),
      expires: timestamp(),
    },
    {
      indexes: {
        // What has expired.
        prefect_ts_ix_lease__expires: "expires",
        // What a run holds. The leases of one limit are found by looking at all of them: they are few.
        prefect_ts_ix_lease__holder: "holder_id WHERE holder_id IS NOT NULL",
      },
    },
  ),
};

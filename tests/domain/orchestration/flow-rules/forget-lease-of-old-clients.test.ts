import { expect, test } from "vitest";
import { forgetLeaseOfOldClients } from "../../../../src/domain/orchestration/flow-rules/forget-lease-of-old-clients.ts";
import { flowRun, kinds, only, propose } from "../support.ts";

test.each([
  { to: "RUNNING", version: "3.1.7", lease: "lease", effects: ["forget-lease"] },
  { to: "CANCELLING", version: undefined, lease: "lease", effects: ["forget-lease"] },
  { to: "RUNNING", version: "3.9.1", lease: "lease", effects: [] },
  { to: "RUNNING", version: "3.1.7", lease: null, effects: [] },
] as const)("PENDING to $to by client $version under lease $lease: $effects", ({ to, version, lease, effects }) => {
  const decision = propose(only(forgetLeaseOfOldClients), {
    run: flowRun(),
    from: { type: "PENDING", state_details: { deployment_concurrency_lease_id: lease } },
    to: { type: to },
    client: version ? { version } : {},
  });

  expect(kinds(decision)).toEqual(effects);
});

import { describe, expect, test } from "vitest";
import { bothOutcomes, type CommandScript } from "../support/both-command-lines.ts";
import { missing } from "../support/require.ts";

const POOLS = { path: "/work_pools/filter", body: {} };
const QUEUES = { path: "/work_queues/filter", body: {} };
const DEPLOYMENTS = { path: "/deployments/filter", body: { sort: "NAME_ASC" } };

const FLOWS = `
from prefect import flow

@flow
def etl(name: str = "x", count: int = 3): ...
`;
const DEPLOY = ["deploy", "flows.py:etl", "-n", "one", "-p", "mine"];

const SCRIPTS: Readonly<Record<string, CommandScript>> = {
  "work pools and queues": {
    reads: [POOLS, QUEUES],
    files: { "template.json": '{"variables": {"properties": {}}, "job_configuration": {"a": 1}}' },
    commands: [
      ["work-pool", "create", "mine", "--type", "process"],
      ["work-pool", "create", "mine", "--type", "process"],
      ["work-pool", "create", "mine", "--overwrite", "--paused", "--base-job-template", "template.json"],
      ["work-pool", "create", "typeless"],
      ["work-pool", "create", "odd", "--type", "odd"],
      ["work-pool", "resume", "mine"],
      ["work-pool", "pause", "mine"],
      ["work-pool", "update", "mine", "-cl", "0", "--description", "about"],
      ["work-pool", "set-concurrency-limit", "mine", "7"],
      ["work-pool", "clear-concurrency-limit", "mine"],
      ["work-pool", "pause", "nope"],
      ["work-pool", "inspect", "nope"],
      ["work-pool", "preview", "mine"],
      ["work-queue", "create", "fast", "-p", "mine", "-q", "1", "-l", "3"],
      ["work-queue", "create", "fast", "-p", "mine"],
      ["work-queue", "create", "lost", "-p", "nope"],
      ["work-queue", "pause", "fast", "-p", "mine"],
      ["work-queue", "resume", "fast", "-p", "mine"],
      ["work-queue", "set-concurrency-limit", "fast", "9", "-p", "mine"],
      ["work-queue", "clear-concurrency-limit", "fast", "-p", "mine"],
      ["work-queue", "ls", "-p", "nope"],
      ["work-queue", "delete", "fast", "-p", "mine"],
      ["work-queue", "delete", "fast", "-p", "mine"],
      ["work-pool", "delete", "mine"],
      ["work-pool", "delete", "mine"],
    ],
  },
  "deployments and their schedules": {
    given: [{ path: "/work_pools/", body: { name: "mine", type: "process", base_job_template: {} } }],
    files: { "flows.py": FLOWS },
    reads: [DEPLOYMENTS],
    commands: [
      DEPLOY,
      ["deployment", "schedule", "create", "etl/one", "--cron", "0 0 * * *", "--timezone", "Europe/Rome"],
      ["deployment", "schedule", "create", "etl/one", "--interval", "60", "--anchor-date", "2020-01-01", "--no-active"],
      ["deployment", "schedule", "create", "etl/one", "--rrule", "FREQ=DAILY", "--replace", "-y"],
      ["deployment", "schedule", "create", "etl/one", "--rrule", "FREQ=DAILY", "--cron", "0 0 * * *"],
      ["deployment", "schedule", "create", "etl/one", "--cron", "x"],
      ["deployment", "schedule", "pause", "--all"],
      ["deployment", "schedule", "pause", "--all"],
      ["deployment", "schedule", "resume", "--all"],
      ["deployment", "schedule", "clear", "etl/one", "-y"],
      ["deployment", "schedule", "ls", "etl/nope"],
      ["deployment", "inspect", "one"],
      ["deployment", "inspect", "etl/nope"],
      ["deployment", "run", "etl/nope"],
      ["deployment", "run", "etl/one", "-p", "nope=1"],
      ["deployment", "run", "etl/one", "--start-in", "5 minutes", "--start-at", "5pm"],
      ["deployment", "delete"],
      ["deployment", "delete", "etl/one"],
      ["deployment", "delete", "etl/one"],
      ["deployment", "delete", "--all"],
    ],
  },
  "runs of deployments": {
    given: [{ path: "/work_pools/", body: { name: "mine", type: "process", base_job_template: {} } }],
    files: { "flows.py": FLOWS },
    reads: [{ path: "/flow_runs/filter", body: { sort: "NAME_ASC" } }],
    commands: [
      DEPLOY,
      ["deployment", "run", "etl/one", "-p", "name=Ada", "-p", "count=5", "--params", '{"count": 1}', "--tag", "a"]
        .concat(["-jv", "env.A=b", "--flow-run-name", "a-{name}-{count}"])
        .concat(["--start-at", "2040-01-02 03:04"]),
    ],
  },
};

describe.skipIf(missing("reference-3.9.1"))("commands leave the server as the reference's do", () => {
  test.each(Object.entries(SCRIPTS))(
    "%s",
    async (_, script) => {
      const { ours, theirs } = await bothOutcomes(script);

      expect(withoutVariables(ours)).toEqual(withoutVariables(theirs));
    },
    300_000,
  );
});

/** The variables of a type are described in each side's own words; tests/server compares them. */
function withoutVariables(outcome: unknown): unknown {
  return JSON.parse(JSON.stringify(outcome, (key, value) => (key === "variables" ? undefined : value)));
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { postgresUrl } from "../support/postgres.ts";
import { cached } from "../support/python.ts";
import { type DatabaseKind, type ReferenceServer, startReference } from "../support/reference.ts";
import { missing } from "../support/require.ts";
import { differences } from "./compare.ts";
import { withoutKnown } from "./event-streams/known-differences.ts";
import { EAGER, services } from "./event-streams/services.ts";
import { recordStreams } from "./event-streams/stream.ts";
import type { Normalised } from "./normalise.ts";
import { startQuietReference } from "./recording.ts";
import type { Script, ScriptFile } from "./script.ts";
import { artifacts } from "./scripts/artifacts.ts";
import { automations } from "./scripts/automations.ts";
import { blockDocuments } from "./scripts/block-documents.ts";
import { blocks } from "./scripts/blocks.ts";
import { concurrencyLimits } from "./scripts/concurrency-limits.ts";
import { deploymentSchedules } from "./scripts/deployment-schedules.ts";
import { deployments } from "./scripts/deployments.ts";
import { flowRunStates } from "./scripts/flow-run-states.ts";
import { flowRuns } from "./scripts/flow-runs.ts";
import { flows } from "./scripts/flows.ts";
import { pauseAndResume } from "./scripts/pause-and-resume.ts";
import { queueChecks, refusals } from "./scripts/refusals.ts";
import { runStates } from "./scripts/run-states.ts";
import { taskRuns } from "./scripts/task-runs.ts";
import { variables } from "./scripts/variables.ts";
import { workPools } from "./scripts/work-pools.ts";
import { type Subject, subjects } from "./subject.ts";

const FILES: readonly ScriptFile[] = [
  flows,
  flowRuns,
  flowRunStates,
  pauseAndResume,
  taskRuns,
  runStates,
  concurrencyLimits,
  artifacts,
  variables,
  automations,
  deployments,
  deploymentSchedules,
  workPools,
  queueChecks,
  blocks,
  blockDocuments,
  refusals,
];

/** Changes when how streams are recorded does. */
const HARNESS = createHash("sha256")
  .update(readFileSync(new URL("event-streams/stream.ts", import.meta.url)))
  .digest("hex")
  .slice(0, 8);

/** What the reference has told of each script so far. */
const toldOn: (readonly Normalised[])[] = [];

/** Every event that the reference's server makes of its own. */
const KINDS = [
  ...["artifact-collection", "automation", "block-document", "block-type", "concurrency-limit"].flatMap(changesOf),
  ...["deployment", "flow", "variable", "work-pool", "work-queue"].flatMap(changesOf),
  ...["deployment.ready", "deployment.not-ready", "work-pool.ready", "work-pool.not-ready", "work-pool.paused"],
  ...["work-queue.ready", "work-queue.not-ready", "work-queue.paused"],
  ...["automation.triggered", "automation.action.triggered", "automation.action.executed", "automation.action.failed"],
  ...["Scheduled", "Late", "Pending", "Running", "Paused", "Suspended", "Resuming", "AwaitingRetry"].map(ofRun),
  ...["AwaitingConcurrencySlot", "Cancelling", "Cancelled", "Completed", "Failed", "Crashed"].map(ofRun),
];

function changesOf(kind: string): readonly string[] {
  return ["created", "updated", "deleted"].map((change) => `${kind}.${change}`);
}

function ofRun(state: string): string {
  return `flow-run.${state}`;
}

const quiet = subjects("sqlite");
const quietReference = () => startQuietReference("sqlite");
const eagerly = (database: DatabaseKind): Servers => ({
  openOurs: () => startTestServer({ database, postgresUrl: postgresUrl(), services: true, env: EAGER }),
  openReference: () => startReference({ env: EAGER }),
});

describe.skipIf(missing("reference-3.9.1"))("the events of the same requests equal the reference's", () => {
  compareStreams(FILES, { openOurs: () => quiet.open(), openReference: quietReference });
});

describe.skipIf(missing("reference-3.9.1"))("the events of what services do equal the reference's", () => {
  compareStreams([services], eagerly("sqlite"));

  test("every kind of event was told", ({ skip }) => {
    if (toldOn.length < [...FILES, services].flatMap(({ scripts }) => scripts).length)
      skip("only some scripts were run");
    const told = JSON.stringify(toldOn);

    expect(KINDS.filter((kind) => !told.includes(`"prefect.${kind}"`))).toEqual([]);
  });
});

describe.skipIf(missing("reference-3.9.1", "postgresql"))("the same on PostgreSQL", () => {
  const onPostgres = subjects("postgresql");

  compareStreams([deployments, workPools], { openOurs: () => onPostgres.open(), openReference: quietReference });
  compareStreams([services], eagerly("postgresql"));
});

interface Servers {
  readonly openOurs: () => Promise<Subject>;
  readonly openReference: () => Promise<ReferenceServer>;
}

function compareStreams(files: readonly ScriptFile[], { openOurs, openReference }: Servers): void {
  let reference: Promise<ReferenceServer> | undefined;
  const closeReference = async () => {
    const running = reference;
    reference = undefined;
    await (await running)?.[Symbol.asyncDispose]();
  };
  afterAll(closeReference);

  /** As the reference tells them, recorded once and kept in the cache folder: the same on either database. */
  async function expectedStreams(file: ScriptFile, script: Script): Promise<readonly Normalised[]> {
    const name = `events-of-${file.resource}-${script.name.replaceAll(/\W+/g, "-")}-${file.hash}-${HARNESS}.json`;
    const record = async () => {
      reference ??= openReference();
      const server = await reference;
      await server.clear();
      return JSON.stringify(await recordStreams(script, { ...server, retriesUnavailable: true }));
    };
    // What it has not told yet would be told to the next script.
    const text = await cached(name, () =>
      record().catch(async (error: unknown) => {
        await closeReference();
        throw error;
      }),
    );
    return JSON.parse(text);
  }

  describe.each(files.map((file) => [file.resource, file] as const))("%s", (resource, file) => {
    test.each(file.scripts.map((script) => [script.name, script] as const))(
      "%s",
      { timeout: 60_000 },
      async (name, script) => {
        const expected = await expectedStreams(file, script);
        toldOn.push(expected);
        await using server = await openOurs();

        const told = await recordStreams(script, server);

        const compared = (streams: readonly Normalised[]) => withoutKnown(`${resource}: ${name}`, streams);
        const difference = differences(compared(told), compared(expected));
        if (difference !== "") expect.fail(difference);
      },
    );
  });
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { cached } from "../support/python.ts";
import { type ReferenceServer, startReference } from "../support/reference.ts";
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

const quiet = subjects("sqlite");

describe.skipIf(missing("reference-3.9.1"))("the events of the same requests equal the reference's", () => {
  compareStreams(FILES, { openOurs: () => quiet.open(), startReference: () => startQuietReference("sqlite") });
});

describe.skipIf(missing("reference-3.9.1"))("the events of what services do equal the reference's", () => {
  compareStreams([services], {
    openOurs: () => startTestServer({ services: true, env: EAGER }),
    startReference: () => startReference({ env: EAGER }),
  });
});

interface Servers {
  readonly openOurs: () => Promise<Subject>;
  readonly startReference: () => Promise<ReferenceServer>;
}

function compareStreams(files: readonly ScriptFile[], { openOurs, startReference }: Servers): void {
  let reference: Promise<ReferenceServer> | undefined;
  afterAll(async () => {
    await (await reference)?.[Symbol.asyncDispose]();
  });

  /** As the reference tells them: recorded once, and kept in the cache folder. */
  async function expectedStreams(file: ScriptFile, script: Script): Promise<readonly Normalised[]> {
    const name = `events-of-${file.resource}-${script.name.replaceAll(/\W+/g, "-")}-${file.hash}-${HARNESS}.json`;
    const text = await cached(name, async () => {
      reference ??= startReference();
      const server = await reference;
      await server.clear();
      return JSON.stringify(await recordStreams(script, { ...server, retriesUnavailable: true }));
    });
    return JSON.parse(text);
  }

  describe.each(files.map((file) => [file.resource, file] as const))("%s", (resource, file) => {
    test.each(file.scripts.map((script) => [script.name, script] as const))(
      "%s",
      { timeout: 60_000 },
      async (name, script) => {
        const expected = await expectedStreams(file, script);
        await using server = await openOurs();

        const told = await recordStreams(script, server);

        const compared = (streams: readonly Normalised[]) => withoutKnown(`${resource}: ${name}`, streams);
        const difference = differences(compared(told), compared(expected));
        if (difference !== "") expect.fail(difference);
      },
    );
  });
}

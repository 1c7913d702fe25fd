import { spawn } from "node:child_process";
import { once } from "node:events";
import { temporaryFolder } from "../support/disposable.ts";
import { cleanEnvironment } from "../support/python.ts";
import { type ReferenceVersion, referencePython } from "../support/reference-paths.ts";
import { placedScripts, scenarios } from "./scenarios.ts";
import { readSummaries, type Summaries } from "./summary.ts";

/** What the scripts of one client version did, as they and the server tell it. */
export interface ScenarioResults {
  /** Scenario → traceback of what went wrong in the script itself; only scenarios that failed. */
  readonly failures: Readonly<Record<string, string>>;
  readonly summaries: Summaries;
}

interface Outcome {
  readonly scenario: string;
  readonly failure: string | null;
}

const SETTLE_INTERVAL_MS = 500;
const SETTLE_ROUNDS = 3;
const SETTLE_DEADLINE_MS = 20_000;

/** Runs all scenarios with an unmodified Python client, in one process, against the server at `apiUrl`. */
export async function runScenarios(version: ReferenceVersion, apiUrl: string): Promise<ScenarioResults> {
  const outcomes = await drive(version, apiUrl);
  const failures = Object.fromEntries(
    scenarios.flatMap((scenario) => {
      const outcome = outcomes.find((each) => each.scenario === scenario);
      if (outcome === undefined) return [[scenario, "the driver ended before it"]];
      return outcome.failure === null ? [] : [[scenario, outcome.failure]];
    }),
  );
  return { failures, summaries: await settledSummaries(apiUrl) };
}

async function drive(version: ReferenceVersion, apiUrl: string): Promise<readonly Outcome[]> {
  await using home = await temporaryFolder("prefect-test-client-");
  const env = cleanEnvironment({
    PREFECT_HOME: home.path,
    PREFECT_API_URL: apiUrl,
    PYTHONDONTWRITEBYTECODE: "1",
    DO_NOT_TRACK: "1",
  });
  const child = spawn(referencePython(version), ["driver.py", ...scenarios], {
    cwd: await placedScripts(),
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(child, "close");
  process.off("exit", killOnExit);
  return output
    .split("\n")
    .filter((line) => line.startsWith('{"scenario"'))
    .map((line) => JSON.parse(line) as Outcome);
}

/** Events and logs arrive after the client has gone: reads until nothing changes any more. */
async function settledSummaries(apiUrl: string): Promise<Summaries> {
  const deadline = performance.now() + SETTLE_DEADLINE_MS;
  let last = await readSummaries(apiUrl);
  let equalRounds = 0;
  while (equalRounds < SETTLE_ROUNDS && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_INTERVAL_MS));
    const next = await readSummaries(apiUrl);
    equalRounds = JSON.stringify(next) === JSON.stringify(last) ? equalRounds + 1 : 0;
    last = next;
  }
  return last;
}

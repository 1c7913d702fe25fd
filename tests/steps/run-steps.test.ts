import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createClient } from "../../src/client/index.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { uuid7Ids } from "../../src/kit/ids.ts";
import { runPullSteps } from "../../src/steps/run-pull-steps.ts";
import { type RunStepsOptions, runSteps } from "../../src/steps/run-steps.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder } from "../support/disposable.ts";

const SHELL = "prefect.deployments.steps.run_shell_script";

async function arrange() {
  const folder = await temporaryFolder();
  const client = createClient({ apiUrl: "http://127.0.0.1:9/api", maxRetries: 0 });
  const printed: string[] = [];
  const options: RunStepsOptions = {
    directory: folder.path,
    env: { PATH: process.env.PATH, WHO: "Ada" },
    client,
    write: (text) => void printed.push(text),
  };
  return {
    folder: folder.path,
    options,
    printed,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("outputs reach later steps by name and by id", async () => {
  await using at = await arrange();

  const { outputs } = await runSteps(
    [
      { [SHELL]: { id: "first", script: "echo one" } },
      { [SHELL]: { id: "second", script: "echo {{ first.stdout }} {{ stdout }} {{ $WHO }} {{ WHO }}." } },
    ],
    at.options,
  );

  expect(outputs).toMatchObject({ first: { stdout: "one" }, second: { stdout: "one one Ada ." } });
  expect(at.printed.join("")).toBe("one\none one Ada .\n");
});

test("a script runs line by line, and the first that fails ends it", async () => {
  await using at = await arrange();
  const run = (inputs: object) => runSteps([{ [SHELL]: { stream_output: false, ...inputs } }], at.options);

  expect((await run({ script: `echo $WHO}\necho '$\{WHO}$$'\n\n`, expand_env_vars: true })).outputs.stdout).toBe(
    "Ada}\nAda$",
  );
  expect((await run({ script: "echo a && echo b | tr b c", shell: true })).outputs.stdout).toBe("a\nc");
  expect((await run({ script: "printenv EXTRA", env: { EXTRA: "1" } })).outputs.stdout).toBe("1");
  await expect(run({ script: "ls /nothing-there\necho never" })).rejects.toMatchObject({
    code: "STEP_FAILED",
    message: expect.stringContaining("nothing-there"),
  });
  await expect(run({ script: "no-such-program" })).rejects.toThrow(/'no-such-program' was not found/);
  expect(at.printed).toEqual([]);
});

test("a changed working directory is that of the following steps, and of the code", async () => {
  await using at = await arrange();
  await mkdir(join(at.folder, "flows"));

  const result = await runSteps(
    [{ "prefect.deployments.steps.set_working_directory": { directory: "flows" } }, { [SHELL]: { script: "pwd" } }],
    at.options,
  );

  expect(result.directory).toBe(join(at.folder, "flows"));
  expect(result.outputs.stdout).toBe(join(at.folder, "flows"));
});

test("a function of the project's own Python is a step", async () => {
  await using at = await arrange();
  await writeFile(
    join(at.folder, "my_steps.py"),
    "async def build(name, times=1):\n    print('building')\n    return {'image': name * times}\n",
  );

  const { outputs } = await runSteps([{ "my_steps.build": { id: "b", name: "x", times: 2 } }], at.options);

  expect(outputs).toMatchObject({ image: "xx", b: { image: "xx" } });
  expect(at.printed.join("")).toBe("building\n");
});

test.each([
  [{ a: {}, b: {} }, "STEP_INVALID"],
  [{ a: "text" }, "STEP_INVALID"],
  [{ [SHELL]: { scrip: "x" } }, "STEP_FAILED"],
  [{ "no_such_module.step": {} }, "STEP_FAILED"],
])("%j fails with %s", async (step, code) => {
  await using at = await arrange();

  await expect(runSteps([step], at.options)).rejects.toMatchObject({ code });
});

test("pull steps are told of as events, with their placeholders as written", async () => {
  await using at = await arrange();
  await using server = await startTestServer();
  using client = createClient({ apiUrl: server.apiUrl });
  await client.variables.create({ name: "word", value: "secret" });
  const clock = systemClock();
  const flowRunId = uuid7Ids(clock.nowMs).next();
  const steps = [
    { [SHELL]: { id: "x", script: "echo {{ prefect.variables.word }}" } },
    { [SHELL]: { script: "false" } },
  ];

  const running = runPullSteps(steps, {
    ...at.options,
    client,
    flowRunId,
    deploymentId: flowRunId,
    clock,
    ids: uuid7Ids(clock.nowMs),
  });

  await expect(running).rejects.toMatchObject({ code: "STEP_FAILED" });
  expect(at.printed.join("")).toBe("secret\n");
  const { events } = await client.events.list({ event: { prefix: ["prefect.flow-run.pull-step."] }, order: "ASC" });
  expect(events.map(({ event, payload }) => [event, payload])).toEqual([
    [
      "prefect.flow-run.pull-step.executed",
      {
        index: 0,
        qualified_name: SHELL,
        step_name: "run_shell_script",
        id: "x",
        inputs: { id: "x", script: "echo {{ prefect.variables.word }}" },
      },
    ],
    ["prefect.flow-run.pull-step.failed", expect.objectContaining({ index: 1, id: null })],
  ]);
});

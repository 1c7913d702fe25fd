import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createClient } from "../../../src/client/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { temporaryFolder } from "../../support/disposable.ts";
import { missing } from "../../support/require.ts";
import { runOnTerminal } from "../../support/terminal.ts";

const DOWN = "\u001b[B";
const FLOWS = `
import { flow } from "prefect";
export const first = flow(() => 1);
export const second = flow(() => 2);
`;

describe.skipIf(missing("reference-3.9.1"))("on a terminal", () => {
  test("deploy asks for what is missing, and saves it", async () => {
    await using server = await startTestServer();
    await using home = await temporaryFolder();
    await writeFile(join(home.path, "flows.ts"), FLOWS);
    using client = createClient({ apiUrl: server.apiUrl });

    const ended = await runOnTerminal(
      ["deploy"],
      [
        ["Which flow?", `${DOWN}\r`],
        ["Deployment name", "mine\n"],
        ["no work pool yet", "\r"],
        ["Name of the work pool", "first-pool\n"],
        ["Where will workers", `${DOWN}\r`],
        ["Repository", "https://example.com/r.git\n"],
        ["Branch", "\n"],
        ["private repository", "y\n"],
        ["Secret block", "token\n"],
        ["add a schedule?", "y\n"],
        ["What kind", "\r"],
        ["Time zone", "Asia/Tokyo\n"],
        ["Expression", "1 2 * * *\n"],
        ["another schedule?", "n\n"],
        ["Save this", "y\n"],
      ],
      { home: home.path, env: { PREFECT_API_URL: server.apiUrl, GIT_CEILING_DIRECTORIES: "/" } },
    );

    expect(ended).toMatchObject({ code: 0, unasked: [] });
    const pull = {
      "prefect.deployments.steps.git_clone": {
        repository: "https://example.com/r.git",
        branch: "main",
        access_token: "{{ prefect.blocks.secret.token }}",
      },
    };
    expect(await client.deployments.readByName("second", "mine")).toMatchObject({
      entrypoint: "flows.ts:second",
      work_pool_name: "first-pool",
      pull_steps: [pull],
      schedules: [{ schedule: { cron: "1 2 * * *", timezone: "Asia/Tokyo" }, active: true }],
    });
    const saved = parse(await readFile(join(home.path, "prefect.yaml"), "utf8"));
    expect(saved.deployments).toMatchObject([{ name: "mine", entrypoint: "flows.ts:second", pull: [pull] }]);
  }, 90_000);

  test("Ctrl-C at a question ends with 130 and deploys nothing", async () => {
    await using server = await startTestServer();
    await using home = await temporaryFolder();
    await writeFile(join(home.path, "flows.ts"), FLOWS);
    using client = createClient({ apiUrl: server.apiUrl });

    const ended = await runOnTerminal(["deploy"], [["Which flow?", "\u0003"]], {
      home: home.path,
      env: { PREFECT_API_URL: server.apiUrl },
    });

    expect(ended.code).toBe(130);
    expect(await client.deployments.count()).toBe(0);
  }, 60_000);
});

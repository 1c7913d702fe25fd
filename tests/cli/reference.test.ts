import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { findSettingByName } from "../../src/settings/index.ts";
import { temporaryFolder } from "../support/disposable.ts";
import { type Ended, runCommand } from "../support/prefect-cli.ts";
import { cached } from "../support/python.ts";
import { referenceFolder } from "../support/reference-paths.ts";
import { missing } from "../support/require.ts";

interface Step {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs in order, in one home directory that begins with `FILES`. */
const STEPS: readonly Step[] = [
  { args: ["profile", "ls", "-o", "json"] },
  { args: ["profile", "create", "mine", "--from", "old"] },
  { args: ["profile", "create", "mine"] },
  { args: ["profile", "inspect", "mine", "-o", "json"] },
  { args: ["profile", "inspect", "nope"] },
  { args: ["profile", "use", "mine"] },
  { args: ["profile", "use", "nope"] },
  { args: ["config", "set", "PREFECT_CLI_COLORS=false", "PREFECT_API_DATABASE_ECHO=true"] },
  { args: ["config", "set", "PREFECT_SERVER_API_PORT=many"] },
  { args: ["config", "set", "PREFECT_NOPE=1"] },
  { args: ["config", "set", "PREFECT_HOME=/x"] },
  { args: ["config", "view", "-o", "json"], env: { PREFECT_API_KEY: "k", PREFECT_LOGGING_LEVEL: "debug" } },
  { args: ["config", "view", "--show-defaults", "--show-secrets", "-o", "json"] },
  { args: ["--profile", "old", "config", "view", "-o", "json"], env: { PREFECT_API_URL: "http://env/api" } },
  { args: ["config", "unset", "PREFECT_CLI_COLORS", "-y"] },
  { args: ["config", "unset", "PREFECT_CLI_COLORS", "-y"] },
  { args: ["profile", "rename", "old", "older"] },
  { args: ["profile", "delete", "mine"] },
  { args: ["profile", "delete", "older"] },
  { args: ["-p", "nope", "config", "view"] },
  { args: ["config", "validate"] },
  { args: ["config", "nope"] },
  { args: ["config", "view", "-o", "yaml"] },
  { args: ["profile"] },
];

const FILES = {
  "profiles.toml": 'active = "old"\n\n[profiles.old]\nPREFECT_API_URL = "http://old/api"\n',
  "prefect.toml": "[server.api]\nhost = 'toml'\n",
  "pyproject.toml": "[tool.prefect]\nui_url = 'http://ui'\n",
  ".env": "PREFECT_SERVER_API_PORT=4300\n",
};

interface Answer {
  readonly command: string;
  readonly code: number;
  /** Parsed when the command printed JSON. */
  readonly json: unknown;
  readonly profiles: unknown;
}

async function answers(program?: string): Promise<readonly Answer[]> {
  await using home = await temporaryFolder("prefect-cli-");
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(home.path, name), text);
  const found: Answer[] = [];
  for (const { args, env } of STEPS) {
    const ended = await runCommand(args, { home: home.path, ...(env && { env }) }, program);
    const file = join(home.path, "profiles.toml");
    const profiles = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
    found.push({ command: args.join(" "), code: ended.code, json: jsonOf(ended, home.path), profiles });
  }
  return found;
}

function jsonOf({ stdout }: Ended, home: string): unknown {
  if (!/^[[{]/.test(stdout)) return undefined;
  return sorted(JSON.parse(stdout.replaceAll(home, "HOME"), (_key, value) => withoutOurs(value)));
}

/** Of a list of settings those that the reference has, too. */
function withoutOurs(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.filter((each) => findSettingByName(String(each?.name))?.setting.isOurs !== true);
}

/** Lists of profiles in the order of their names: the reference moves built-in ones to the front. */
function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.toSorted((a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name));
}

describe.skipIf(missing("reference-3.9.1"))("compared with the reference's command line", () => {
  test("profiles and settings: exit codes, JSON and the file are the same", async () => {
    const key = createHash("sha256")
      .update(JSON.stringify([STEPS, FILES]))
      .digest("hex")
      .slice(0, 12);
    const python = join(referenceFolder("3.9.1"), "bin", "prefect");

    const [theirs, ours] = await Promise.all([
      cached(`cli-${key}.json`, async () => JSON.stringify(await answers(python))),
      answers(),
    ]);

    expect(JSON.parse(JSON.stringify(ours))).toEqual(JSON.parse(theirs));
  }, 240_000);
});

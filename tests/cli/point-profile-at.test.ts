import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/cli/context.ts";
import { pointProfileAt } from "../../src/cli/point-profile-at.ts";
import {
  loadProfilesFile,
  type Profiles,
  resolveSettings,
  updateProfile,
  writeProfilesFile,
} from "../../src/settings/index.ts";
import { temporaryFolder } from "../support/disposable.ts";

const NOTHING: Profiles = { active: undefined, byName: new Map() };

/** The profiles file after the questions were answered with `answers`. */
async function profilesAfter(apiUrl: string, answers: readonly string[], own: Profiles = NOTHING) {
  await using home = await temporaryFolder();
  mkdirSync(join(home.path, ".prefect"));
  const path = join(home.path, ".prefect", "profiles.toml");
  writeProfilesFile(path, own);
  const inputs = { env: {}, cwd: home.path, homeDir: home.path };
  const resolved = resolveSettings(inputs);
  const left = [...answers];
  const said: string[] = [];
  const say = (text = "") => void said.push(text);
  const out = { line: say, success: say, warn: say, error: say };
  const ask = async (_: string, fallback?: string) => left.shift() || fallback || "";

  await pointProfileAt({ inputs, resolved, settings: resolved.settings, out, ask } as unknown as Context, apiUrl);

  const { active, byName } = loadProfilesFile(path);
  return { active, profiles: Object.fromEntries(byName), said, unasked: left };
}

test("the one profile that names the server becomes the active one", async () => {
  const after = await profilesAfter("http://127.0.0.1:4200/api", []);

  expect(after).toMatchObject({ active: "local", said: ["Switched to profile 'local'"] });
});

test("among several profiles the chosen one becomes the active one", async () => {
  const url = "http://127.0.0.1:4200/api";
  const own = updateProfile(NOTHING, "mine", { PREFECT_API_URL: url });

  const after = await profilesAfter(url, ["9", "2"], own);

  expect(after.active).toBe("mine");
});

test("a profile can be made for the server, under a name that is free", async () => {
  const after = await profilesAfter("http://127.0.0.1:9/api", ["1", "local", "mine"]);

  expect(after).toMatchObject({ active: "mine", profiles: { mine: { PREFECT_API_URL: "http://127.0.0.1:9/api" } } });
});

test("the current profile can be pointed at the server, or left alone", async () => {
  const set = await profilesAfter("http://127.0.0.1:9/api", ["2", ""]);
  const left = await profilesAfter("http://127.0.0.1:9/api", ["3"]);

  expect(set.profiles).toMatchObject({ ephemeral: { PREFECT_API_URL: "http://127.0.0.1:9/api" } });
  expect(left.profiles).toEqual({});
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  activateProfile,
  addProfile,
  loadProfilesFile,
  removeProfile,
  renameProfile,
  updateProfile,
  writeProfilesFile,
} from "../../src/settings/index.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "profiles-"));
  path = join(directory, "deep", "profiles.toml");
});
afterEach(() => rmSync(directory, { recursive: true }));

function fileAfter(
  before: string,
  change: (profiles: ReturnType<typeof loadProfilesFile>) => ReturnType<typeof loadProfilesFile>,
) {
  const file = join(directory, "profiles.toml");
  writeFileSync(file, before);
  writeProfilesFile(file, change(loadProfilesFile(file)));
  return readFileSync(file, "utf8");
}

test("a new file is readable by its owner only and nothing else is left behind", () => {
  writeProfilesFile(path, updateProfile({ active: "a", byName: new Map() }, "a", { PREFECT_API_URL: "http://x" }));

  expect(readFileSync(path, "utf8")).toBe('active = "a"\n\n[profiles.a]\nPREFECT_API_URL = "http://x"\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(directory, "deep"))).toEqual(["profiles.toml"]);
});

const COMMENTED = `# mine
active = "a" # now

[profiles.a]
# the key
PREFECT_API_KEY = 'k' # secret
PREFECT_API_URL = "http://old/api"

[profiles."b c"]
PREFECT_CLI_COLORS = false
`;

test("setting a value changes its line only", () => {
  expect(fileAfter(COMMENTED, (profiles) => updateProfile(profiles, "a", { PREFECT_API_URL: "http://new/api" }))).toBe(
    COMMENTED.replace("http://old/api", "http://new/api"),
  );
});

test("adding, taking away and activating keep the comments", () => {
  const after = fileAfter(COMMENTED, (profiles) =>
    activateProfile(
      updateProfile(updateProfile(profiles, "a", { PREFECT_API_URL: undefined }), "b c", { PREFECT_DEBUG_MODE: "1" }),
      "b c",
    ),
  );

  expect(after).toBe(
    COMMENTED.replace('active = "a" # now', 'active = "b c"')
      .replace('PREFECT_API_URL = "http://old/api"\n', "")
      .replace("PREFECT_CLI_COLORS = false\n", 'PREFECT_CLI_COLORS = false\nPREFECT_DEBUG_MODE = "1"\n'),
  );
});

test("profiles are added, renamed and removed", () => {
  const after = fileAfter(COMMENTED, (profiles) =>
    removeProfile(renameProfile(addProfile(profiles, "new", {}), "a", "z"), "b c"),
  );

  expect(after).toBe(
    '# mine\nactive = "z"\n\n[profiles.new]\n\n[profiles.z]\nPREFECT_API_KEY = "k"\nPREFECT_API_URL = "http://old/api"\n',
  );
});

test("older names are replaced by present ones on writing", () => {
  const before = "[profiles.a]\nPREFECT_API_DATABASE_ECHO = 'true'\n";

  expect(fileAfter(before, (profiles) => profiles)).toBe('[profiles.a]\nPREFECT_SERVER_DATABASE_ECHO = "true"\n');
});

test("forms of TOML that lines cannot patch are written anew", () => {
  const before = 'profiles = { a = { PREFECT_API_URL = "http://x" } }\n';

  expect(fileAfter(before, (profiles) => activateProfile(profiles, "a"))).toBe(
    'active = "a"\n\n[profiles.a]\nPREFECT_API_URL = "http://x"\n',
  );
});

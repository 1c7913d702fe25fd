import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkGitInputs, type GitInputs } from "../../src/steps/git/check-git-inputs.ts";
import { cloneOrUpdate, type GitClone } from "../../src/steps/git/clone-or-update.ts";
import { gitCredentials, withoutCredentials } from "../../src/steps/git/git-credentials.ts";
import { temporaryFolder } from "../support/disposable.ts";

const NOTHING: GitInputs = {
  repository: "https://example.com/a/repo.git",
  branch: null,
  commit_sha: null,
  access_token: null,
  credentials: null,
  directories: null,
  clone_directory_name: null,
};

test.each<Partial<GitInputs>>([
  { repository: "--upload-pack=touch x" },
  { branch: "-b" },
  { branch: "a\nb" },
  { commit_sha: "--output=x" },
  { commit_sha: "main" },
  { commit_sha: "abc" },
  { directories: ["src", "--stdin"] },
  { directories: ["a\u0000b"] },
  { clone_directory_name: "-x" },
  { branch: "main", commit_sha: "abcd" },
  { access_token: "a", credentials: { token: "b" } },
])("git inputs with %j are refused", (inputs) => {
  expect(() => checkGitInputs({ ...NOTHING, ...inputs })).toThrow(
    expect.objectContaining({ code: "GIT_INPUT_REFUSED" }),
  );
});

test.each([
  ["github.com", { token: "t" }, "t"],
  ["gitlab.com", { token: "t" }, "oauth2:t"],
  ["gitlab.com", { token: "oauth2:t" }, "oauth2:t"],
  ["gitlab.com", { access_token: "user:t/" }, "user:t%2F"],
  ["bitbucket.org", { token: "t" }, "x-token-auth:t"],
  ["bitbucket.org", { token: "x-token-auth:t" }, "x-token-auth:t"],
  ["example.com", { username: "a@b", password: "c:d" }, "a%40b:c%3Ad"],
])("for %s the credentials %j are written %s", (host, credentials, written) => {
  expect(gitCredentials(`https://${host}/a/repo.git`, credentials)).toEqual({
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.https://${written}@${host}/.insteadOf`,
    GIT_CONFIG_VALUE_0: `https://${host}/`,
  });
});

test("credentials in an address are kept from the clone", () => {
  expect(withoutCredentials("https://user:secret@example.com/a.git")).toBe("https://example.com/a.git");
  expect(withoutCredentials("git@example.com:a.git")).toBe("git@example.com:a.git");
});

async function arrange() {
  const folder = await temporaryFolder();
  const origin = join(folder.path, "origin");
  await mkdir(join(origin, "flows"), { recursive: true });
  await mkdir(join(origin, "docs"));
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "t"],
        [`GIT_${who}_EMAIL`, "t@example.com"],
      ]),
    ),
  };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: origin, env, encoding: "utf8" }).trim();
  const commit = async (text: string) => {
    await writeFile(join(origin, "flows", "code.txt"), text);
    await writeFile(join(origin, "docs", "page.txt"), text);
    git("add", ".");
    git("commit", "--quiet", "-m", text);
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet", "-b", "main");
  git("config", "uploadpack.allowAnySHA1InWant", "true");
  const target = join(folder.path, "clone");
  const clone: GitClone = {
    url: `file://${origin}`,
    branch: null,
    commitSha: null,
    includeSubmodules: false,
    directories: [],
    folder: target,
    env,
  };
  return {
    commit,
    git,
    clone,
    target,
    code: () => readFile(join(target, "flows", "code.txt"), "utf8"),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test("a clone follows its branch", async () => {
  await using at = await arrange();
  await at.commit("one");
  await cloneOrUpdate(at.clone);
  await at.commit("two");

  await cloneOrUpdate(at.clone);

  expect(await at.code()).toBe("two");
});

test("a commit is checked out, then another one, then a branch", async () => {
  await using at = await arrange();
  const first = await at.commit("one");
  const second = await at.commit("two");
  at.git("branch", "feature/x");
  await at.commit("three");

  const seen: string[] = [];
  for (const what of [{ commitSha: first }, { commitSha: second.slice(0, 8) }, { branch: "feature/x" }]) {
    await cloneOrUpdate({ ...at.clone, ...what });
    seen.push(await at.code());
  }

  expect(seen).toEqual(["one", "two", "two"]);
});

test("only the asked directories are checked out", async () => {
  await using at = await arrange();
  await at.commit("one");

  await cloneOrUpdate({ ...at.clone, directories: ["flows"] });

  expect(await at.code()).toBe("one");
  expect(existsSync(join(at.target, "docs"))).toBe(false);
});

test("a clone of something else is not touched", async () => {
  await using at = await arrange();
  await at.commit("one");
  await cloneOrUpdate(at.clone);

  await expect(cloneOrUpdate({ ...at.clone, url: "https://example.com/other.git" })).rejects.toMatchObject({
    code: "REPOSITORY_IN_THE_WAY",
  });
});

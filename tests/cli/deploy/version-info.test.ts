import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { findVersionInfo, type VersionQuestion } from "../../../src/cli/deploy/version-info.ts";
import { temporaryFolder } from "../../support/disposable.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

async function arrange(remote?: string) {
  const folder = await temporaryFolder();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder.path, encoding: "utf8" }).trim();
  git("init", "--quiet", "-b", "main");
  git(
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@example.com",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "first line\n\nmore",
  );
  if (remote !== undefined) git("remote", "add", "origin", remote);
  const find = (question: Partial<VersionQuestion>) =>
    findVersionInfo({
      type: undefined,
      asked: undefined,
      ofFlow: "hash",
      directory: folder.path,
      ...question,
      env: { PATH: process.env.PATH, ...question.env },
    });
  return { find, head: git("rev-parse", "HEAD"), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const BUILD_SYSTEMS = {
  "vcs:github": [
    { GITHUB_SHA: SHA, GITHUB_REF_NAME: "b", GITHUB_REPOSITORY: "me/r", GITHUB_SERVER_URL: "https://h" },
    { repository: "me/r", url: `https://h/me/r/tree/${SHA}` },
  ],
  "vcs:gitlab": [
    { CI_COMMIT_SHA: SHA, CI_COMMIT_REF_NAME: "b", CI_PROJECT_NAME: "r", CI_PROJECT_URL: "https://h/me/r" },
    { repository: "r", url: `https://h/me/r/-/tree/${SHA}` },
  ],
  "vcs:bitbucket": [
    {
      BITBUCKET_COMMIT: SHA,
      BITBUCKET_BRANCH: "b",
      BITBUCKET_REPO_SLUG: "r",
      BITBUCKET_GIT_HTTP_ORIGIN: "https://h/me/r",
    },
    { repository: "r", url: `https://h/me/r/src/${SHA}` },
  ],
  "vcs:azuredevops": [
    {
      BUILD_SOURCEVERSION: SHA,
      BUILD_SOURCEBRANCHNAME: "b",
      BUILD_REPOSITORY_NAME: "r",
      BUILD_REPOSITORY_URI: "https://h/me/r",
    },
    { repository: "r", url: `https://h/me/r?version=GC${SHA}` },
  ],
} as const;

test.each(Object.entries(BUILD_SYSTEMS))("a build of %s gives the version", async (type, [env, expected]) => {
  await using at = await arrange();

  expect(await at.find({ env })).toEqual({
    type,
    version: SHA.slice(0, 8),
    commit_sha: SHA,
    message: "first line",
    branch: "b",
    ...expected,
  });
});

test.each([
  ["https://example.com/me/code.git", "me/code"],
  ["git@example.com:me/code.git", "git@example.com:me/code"],
])("a clone of %s gives the version", async (url, repository) => {
  await using at = await arrange(url);

  expect(await at.find({})).toEqual({
    type: "vcs:git",
    version: at.head.slice(0, 8),
    commit_sha: at.head,
    message: "first line",
    branch: "main",
    repository,
    url,
  });
});

test("credentials of the remote are not told", async () => {
  await using at = await arrange("https://user:secret@example.com/me/code.git");

  expect(await at.find({})).toMatchObject({ url: "https://example.com/me/code.git", repository: "me/code" });
});

test("an asked version wins, and the rest is told nevertheless", async () => {
  await using at = await arrange("https://example.com/me/code.git");

  expect(await at.find({ asked: "7" })).toMatchObject({ type: "vcs:git", version: "7", commit_sha: at.head });
  expect(await at.find({ type: "prefect:simple" })).toEqual({ type: "prefect:simple", version: "hash" });
  expect(await at.find({ type: "vcs:github" })).toEqual({ type: "prefect:simple", version: "hash" });
});

test("without a remote the version is that of the flow", async () => {
  await using at = await arrange();

  expect(await at.find({})).toEqual({ type: "prefect:simple", version: "hash" });
  await expect(at.find({ type: "vcs:svn" })).rejects.toThrow("Unknown version type 'vcs:svn'");
});

import { expect, test } from "vitest";
import { parseGlobalFlags } from "../../src/cli/global-flags.ts";

test.each([
  [["--profile", "a", "config", "view"], { name: "a", isAbove: false }],
  [["-p", "a", "config", "view"], { name: "a", isAbove: true }],
  [["--profile=a", "config", "view"], { name: "a", isAbove: true }],
  [["--no-prompt", "--profile", "a", "config", "view"], { name: "a", isAbove: true }],
  [["config", "view"], undefined],
])("%j means the profile %j", (argv, profile) => {
  expect(parseGlobalFlags(argv)).toMatchObject({ profile, rest: ["config", "view"] });
});

test("-p after the command belongs to the command", () => {
  expect(parseGlobalFlags(["worker", "start", "-p", "pool"])).toEqual({
    profile: undefined,
    prompt: undefined,
    rest: ["worker", "start", "-p", "pool"],
  });
});

test("the two short flags of several letters become long ones", () => {
  expect(parseGlobalFlags(["deploy", "-jv", "a=b", "-cl", "1"]).rest).toEqual([
    "deploy",
    "--job-variable",
    "a=b",
    "--concurrency-limit",
    "1",
  ]);
});

test("--prompt and --no-prompt are told apart", () => {
  expect([["--prompt"], ["--no-prompt"], []].map((argv) => parseGlobalFlags(argv).prompt)).toEqual([
    true,
    false,
    undefined,
  ]);
});

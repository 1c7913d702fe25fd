import { expect, test } from "vitest";
import { groupHelp } from "../../src/cli/help.ts";
import { parseCommand } from "../../src/cli/parse.ts";
import { commands, groups, resolveCommand, topLevelSummaries } from "../../src/cli/registry.ts";

test.each([
  [["flow-run", "ls", "--limit", "3"], { kind: "command", name: "flow-run ls", rest: ["--limit", "3"] }],
  [["flow_runs", "LS"], { kind: "command", name: "flow-run ls", rest: [] }],
  [["server", "services", "list"], { kind: "command", name: "server services ls", rest: [] }],
  [["deploy", "init", "--name", "x"], { kind: "command", name: "deploy init", rest: ["--name", "x"] }],
  [["deploy", "flows.py:init"], { kind: "command", name: "deploy", rest: ["flows.py:init"] }],
  [["version"], { kind: "command", name: "version", rest: [] }],
  [["server", "database"], { kind: "group", name: "server database", rest: [] }],
  [["server", "--help"], { kind: "group", name: "server", rest: ["--help"] }],
  [["nope"], { kind: "group", name: "", rest: ["nope"] }],
  [[], { kind: "group", name: "", rest: [] }],
])("%j is found", (tokens, found) => {
  expect(resolveCommand(tokens)).toEqual(found);
});

test.each(Object.keys(commands))("%s has help within 80 columns", async (name) => {
  const command = await commands[name]?.();
  if (command === undefined) throw new Error("not registered");

  const parsed = parseCommand(name, command, ["--help"]) as { help: string };

  expect(parsed.help).toContain(`Usage: prefect ${name}`);
  expect(Math.max(...parsed.help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test.each(["", ...Object.keys(groups)])("the group '%s' lists what stands below it", async (group) => {
  const help = await groupHelp(group);
  const prefix = group === "" ? "" : `${group} `;
  const children = Object.keys({ ...groups, ...commands })
    .filter((path) => path.startsWith(prefix) && path !== group)
    .map((path) => path.slice(prefix.length))
    .filter((path) => !path.includes(" "));

  for (const child of children) expect(help).toMatch(new RegExp(`^  ${child}\\b`, "m"));
});

test("the summaries of the first help are those of the commands", async () => {
  const summaries = Object.keys(topLevelSummaries).map(async (name) => [name, (await commands[name]?.())?.summary]);

  expect(Object.fromEntries(await Promise.all(summaries))).toEqual(topLevelSummaries);
});

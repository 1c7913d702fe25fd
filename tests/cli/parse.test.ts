import { expect, test } from "vitest";
import { command } from "../../src/cli/command.ts";
import {
  argument,
  idArgument,
  integerFlag,
  manyArguments,
  onOffFlag,
  optionalArgument,
  outputFlag,
  switchFlag,
  textsFlag,
} from "../../src/cli/flags.ts";
import { parseCommand } from "../../src/cli/parse.ts";

const sample = command({
  summary: "Do it.",
  args: { name: argument("A name."), newName: optionalArgument("Another one.") },
  flags: {
    yes: switchFlag("-y, --yes", "Do not ask."),
    scheduler: onOffFlag("--scheduler", "Schedule."),
    analytics: onOffFlag("--analytics-on", "Statistics.", "--analytics-off"),
    noServices: switchFlag("--no-services", "No services."),
    tag: textsFlag("-t, --tag <tag>", "A tag."),
    limit: integerFlag("--limit <count>", "Most.", 15),
    output: outputFlag,
  },
  run: () => undefined,
});

const defaults = {
  yes: false,
  scheduler: undefined,
  analytics: undefined,
  noServices: false,
  tag: [],
  limit: 15,
  output: undefined,
};

test.each([
  [["a"], { name: "a", newName: undefined }, {}],
  [["a", "b", "-y"], { name: "a", newName: "b" }, { yes: true }],
  [["-y", "--no-yes", "a"], { name: "a", newName: undefined }, {}],
  [["--name", "a", "--new-name", "b"], { name: "a", newName: "b" }, {}],
  [["a", "--no-scheduler"], { name: "a", newName: undefined }, { scheduler: false }],
  [["a", "--scheduler", "--analytics-off"], { name: "a", newName: undefined }, { scheduler: true, analytics: false }],
  [["a", "--no-services"], { name: "a", newName: undefined }, { noServices: true }],
  [["a", "-t", "x", "--tag=y"], { name: "a", newName: undefined }, { tag: ["x", "y"] }],
  [["a", "--limit", "3", "-o", "JSON"], { name: "a", newName: undefined }, { limit: 3, output: "json" }],
])("%j is read", (tokens, args, flags) => {
  expect(parseCommand("sample", sample, tokens)).toEqual({ args, flags: { ...defaults, ...flags } });
});

test.each([
  [[], /Missing argument NAME/],
  [["a", "b", "c"], /too many arguments/],
  [["a", "--nope"], /unknown option '--nope'/],
  [["a", "--limit", "x"], /--limit: 'x' is not a whole number/],
  [["a", "-o", "yaml"], /Only 'json' output format is supported/],
])("%j is refused", (tokens, message) => {
  expect(() => parseCommand("sample", sample, tokens)).toThrow(message);
});

test("ids may be written without hyphens, other text is refused", () => {
  const one = command({ summary: "One.", args: { id: idArgument("Its id.") }, run: () => undefined });
  const id = "01A2046C-0085-7000-A04D-5F6380DE8450";

  expect(parseCommand("one", one, [id.replaceAll("-", "")])).toMatchObject({ args: { id: id.toLowerCase() } });
  expect(() => parseCommand("one", one, ["abc"])).toThrow("'abc' is not a UUID");
});

test("a list of arguments needs at least one", () => {
  const many = command({ summary: "Many.", args: { names: manyArguments("Names.") }, run: () => undefined });

  expect(parseCommand("many", many, ["a", "b"])).toMatchObject({ args: { names: ["a", "b"] } });
  expect(() => parseCommand("many", many, [])).toThrow("Missing argument NAMES");
});

test("help tells usage, arguments and flags within 80 columns", () => {
  const { help } = parseCommand("sample", sample, ["--help"]) as { help: string };

  expect(help).toContain("Usage: prefect sample NAME [NEW-NAME] [options]");
  expect(help).toContain("-t, --tag <tag>");
  expect(help).not.toContain("--no-yes");
  expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

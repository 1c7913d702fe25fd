import { describe, expect, test } from "vitest";
import { pythonJson } from "../../src/domain/python-json.ts";
import { parseJson } from "../../src/kit/json.ts";
import { runPython } from "../support/python.ts";
import { missing } from "../support/require.ts";

const NUMBERS = [
  ...["0", "-0", "1", "-1", "9007199254740993", "123456789012345678901234567890", "1.0", "-0.0", "0.5", "1.50"],
  ...["1e5", "1E5", "1e15", "1e16", "-1e16", "1e-4", "1e-5", "0.0001", "0.00001", "0.000012", "1.5e-7", "1e22"],
  ...["123456789012345680.0", "9007199254740993.0", "1e-300", "5e-324", "1.7976931348623157e308", "0.1", "100.25"],
];
const TEXTS = [
  ...NUMBERS,
  ...NUMBERS.map((number) => `[${number}, 1.0, 1e5]`),
  ...["null", "true", '"text"', '"ü\\u007f\\ud83c\\udf89\\u2028\\n\\t\\"\\\\/"', "{}", "[]", "[[1, {}], 2]"],
  '{"b": 1, "a": {"z": 1, "y": [1, 2]}, "": 0, "B": 2, "10": 1, "9": 2}',
  '{"\\ud83c\\udf89": 1, "\\uffff": 2, "\\ue000": 3, "z": 4, "\\ud83c": 5}',
];

describe.skipIf(missing("reference-3.9.1"))("compared with Python", () => {
  test("every JSON text is written as Python writes it with sorted keys", async () => {
    const code =
      "import json, sys; print(json.dumps([json.dumps(json.loads(t), sort_keys=True) for t in json.loads(sys.argv[1])]))";

    const answer = await runPython("3.9.1", code, { args: [JSON.stringify(TEXTS)] });

    const theirs = JSON.parse(answer) as readonly string[];
    expect(TEXTS.map((text) => [text, pythonJson(parseJson(text))])).toEqual(
      TEXTS.map((text, at) => [text, theirs[at]]),
    );
  }, 60_000);
});

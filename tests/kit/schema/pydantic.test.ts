import { beforeAll, describe, expect, test } from "vitest";
import { parseJson } from "../../../src/kit/json.ts";
import * as s from "../../../src/kit/schema/schema.ts";
import { missing } from "../../support/require.ts";
import { askPydantic, type OracleAnswer } from "./pydantic-oracle.ts";

const A = s.object("A", { x: s.integer(), t: s.defaulted(s.literal("a"), "a") }, { extra: "forbid" });
const B = s.object("B", {
  y: s.defaulted(s.nullable(s.number()), null),
  t: s.defaulted(s.literal("b"), "b"),
  n: s.defaulted(s.nullable(A), null),
});
const label = s.union([
  s.boolean({ strict: true }),
  s.integer({ strict: true }),
  s.number({ strict: true }),
  s.string(),
]);

const schemas: Readonly<Record<string, s.Schema<unknown>>> = {
  integer: s.integer(),
  natural: s.integer({ ge: 0, le: 10 }),
  positive: s.number({ gt: 0, lt: 1 }),
  number: s.number(),
  boolean: s.boolean(),
  string: s.string(),
  text: s.string({ pattern: "^[^/%&><]+$", minLength: 2, maxLength: 5 }),
  uuid: s.uuid(),
  dateTime: s.dateTime(),
  duration: s.duration(),
  operator: s.oneOf(["and_", "or_"], "Operator"),
  literal: s.literal("x"),
  literals: s.oneOf(["x", "y", "z"]),
  list: s.array(s.integer(), { minLength: 1, maxLength: 2 }),
  set: s.set(s.string()),
  dict: s.record(s.integer()),
  A,
  B,
  AB: s.union([A, B]),
  delay: s.nullable(s.union([s.integer(), s.number(), s.array(s.integer()), s.array(s.number())])),
  labels: s.preprocess(s.record(label), (input) => input ?? {}),
  optional: s.nullable(s.string()),
  tuple: s.tuple([s.uuid(), s.integer()]),
  any: s.json(),
  listOfA: s.array(A),
  tagged: s.discriminated("t", { a: A, b: B }),
};

const ID = "123e4567-e89b-12d3-a456-426614174000";

// Each line: a type, then inputs as JSON texts.
const table: Readonly<Record<string, readonly string[]>> = {
  integer:
    `1|-0|"1"|"1.0"|"1."|"1.5"|" 1 "|"1_000"|"_1"|"x"|""|"+5"|"0x1"|1.0|1.5|1e3|true|false|null|[]|{}|9007199254740991`.split(
      "|",
    ),
  natural: ["0", "10", "-1", '"-1"', "11", "1.0", '"x"'],
  positive: ["0.5", "0", "1", '"0.5"', "-0.0"],
  number: `1|1.5|"1.5"|"x"|"1e3"|".5"|"5."|"."|true|null|[]|{}|" 1 "|12345678901234567890|"1_0"`.split("|"),
  boolean: `true|false|1|0|2|-1|1.0|0.0|0.5|2.0|"yes"|"TRUE"|"x"|"t"|"off"|"1"|"2"|""|" true"|null|[]|{}`.split("|"),
  string: [`"a"`, `""`, "1", "null", "[]", "{}", "true", '"a\\u0000b"', '"\\ud83d\\ude00"'],
  text: [`"a/b"`, `"a"`, `"abcdef"`, `""`, '"a\\n"', '"\\ud83d\\ude00"', '"\\ud83d\\ude00a"', '"😀😀😀😀😀"', "1"],
  uuid: [
    ID,
    ID.toUpperCase(),
    ID.replaceAll("-", ""),
    `{${ID}}`,
    `urn:uuid:${ID}`,
    "",
    "abc",
    "zz",
    ID.slice(0, -1),
    `${ID}0`,
    ID.replace("-", ""),
    `${ID.slice(0, -1)}g`,
    "123e4567-e89b-12d3-a4564-26614174000",
    "00000000-0000-0000-0000-000000000000",
  ]
    .map((text) => JSON.stringify(text))
    .concat("1", "null", "[]"),
  dateTime: [
    "2020-01-01T00:00:00Z",
    "2020-01-01T00:00:00.5Z",
    "2020-01-01T00:00:00.000000Z",
    "2020-01-01T00:00:00.123456Z",
    "2020-01-01T00:00:00.123456789Z",
    "2020-01-01 00:00:00",
    "2020-01-01T00:00",
    "2020-01-01",
    "2020-01",
    "2020-13-01",
    "2020-01-32",
    "2020-02-29T00:00:00Z",
    "2021-02-29T00:00:00Z",
    "2020-02-30T00:00:00Z",
    "2020-01-01T24:00:00Z",
    "2020-01-01T23:60:00Z",
    "2020-01-01T23:59:60Z",
    "2020-01-01T00:00:00+02:00",
    "2020-01-01T00:00:00.25-03:30",
    "2020-01-01T00:00:00+0200",
    "2020-01-01T00:00:00+02",
    "2020-01-01T00:00:00 +02:00",
    "2020-01-01t00:00:00z",
    "2020-01-01_00:00:00",
    " 2020-01-01T00:00:00Z ",
    "2020-01-01T00:00:00Zjunk",
    "2020-1-1",
    "2020-W01-1",
    "2020-W53-7",
    "2020-001",
    "2020-366",
    "20200101T000000Z",
    "2020-01-01T00:00:00,5Z",
    "1577836800",
    "1577836800.25",
    "x",
    "",
    "nan",
    "0001-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "10000-01-01T00:00:00Z",
  ]
    .map((text) => JSON.stringify(text))
    .concat(
      "1577836800",
      "1577836800.5",
      "1577836800000",
      "-1",
      "0",
      "20000000001",
      "1e300",
      "null",
      "true",
      "[]",
      "{}",
    ),
  duration: [
    ..."PT1H|P1DT2H3M4.5S|-PT1H|+P1D|P1W|P1Y|P1M|1:00:00|1 day, 01:00:00|3 days 01:02:03.5|1d|12:34|x|".split("|"),
  ]
    .map((text) => JSON.stringify(text))
    .concat("1", "1.5", "-1", "0", "1.0000004", "1e300", "86400000000001", "null", "true", "[]", "{}"),
  operator: ['"and_"', '"x"', "1", "null", "[]", "{}"],
  literal: ['"x"', '"z"', "null"],
  literals: ['"y"', '"w"', "1", "null", "[]"],
  list: ["[1]", "[]", "[1,2,3]", '["x",1.5]', '["1"]', "{}", '"ab"', "null", '[1,2,"x"]'],
  set: ['["b","a","a"]', "[]", "[1]", '"a"', "{}", "null"],
  dict: [
    "{}",
    '{"a":1,"b":"2"}',
    '{"a":"x","b":1,"c":null}',
    "[]",
    "null",
    '{"__proto__":1}',
    '{"__proto__":"1","constructor":2}',
  ],
  A: [
    '{"x":1}',
    "{}",
    '{"x":"1","t":"a"}',
    '{"x":1,"t":"b"}',
    '{"x":1,"z":2,"y":3}',
    '{"x":"q","z":2}',
    "[]",
    '"x"',
    "null",
    "1",
    '{"x":1,"__proto__":{}}',
    '{"x":1,"constructor":1}',
    '{"x":null}',
  ],
  B: [
    "{}",
    '{"n":[]}',
    '{"n":{"x":"a"}}',
    '{"n":{"x":1,"zz":1}}',
    '{"n":null,"y":null}',
    '{"unknown":1}',
    '{"__proto__":{"y":1}}',
  ],
  AB: [
    "{}",
    '{"x":1}',
    '{"x":"z"}',
    '{"y":"z"}',
    '{"y":1}',
    "[]",
    "null",
    '{"t":"b","y":"q"}',
    '{"x":1,"y":2}',
    '{"t":"b"}',
  ],
  delay: ['"x"', "1", "1.5", '"1"', '"1.5"', "[1,2]", "[1,2.5]", '["x"]', "null", "{}", "[]"],
  labels: ["null", '{"a":1,"b":2.5,"c":true,"d":"x"}', '{"a":null}', '{"a":[]}', "[]", '"x"'],
  optional: ["1", "null", '"a"'],
  tuple: ["[]", `["${ID}",1]`, `["${ID}",1,2]`, '["x"]', "{}", "null"],
  any: ["null", '{"a":[1,"x",null]}', '{"__proto__":{"a":1}}'],
  listOfA: ['[{"x":1},{"x":"2"}]', '[{"x":1},{},1]'],
  tagged: ['{"t":"a","x":1}', "{}", '{"t":"c"}', '{"t":"a","x":"z"}', "[]", "null"],
};

const cases = Object.entries(table).flatMap(([type, inputs]) => inputs.map((json) => ({ type, json })));

describe.skipIf(missing("reference-3.9.1"))("the schema kit agrees with pydantic", () => {
  let answers: readonly OracleAnswer[] = [];
  beforeAll(async () => {
    answers = await askPydantic(cases);
  });

  test.each(cases.map((entry, index) => ({ ...entry, index })))("$type of $json", ({ type, json, index }) => {
    const result = schemas[type]?.parse(parseJson(json));

    expect(result?.ok ? { value: plain(type, result.value) } : { issues: result?.errors.map(shape) }).toEqual(
      answers[index],
    );
  });
});

function shape(issue: s.ValidationIssue) {
  return { type: issue.type, loc: issue.loc, msg: issue.msg, ctx: issue.ctx ?? {} };
}

/** As the oracle prints values: sets sorted, big numbers as JSON.parse reads them, no difference between 0 and -0. */
function plain(type: string, value: unknown): unknown {
  const read = JSON.parse(JSON.stringify(value)) as unknown;
  return type === "set" && Array.isArray(read) ? read.toSorted() : read;
}

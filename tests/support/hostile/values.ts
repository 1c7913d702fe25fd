import type { JsonSchemaNode } from "../../../src/kit/schema/schema.ts";

const DEEP = 10_000;
const LONG = 60_000;

const NUMBERS = [
  "-1",
  "0",
  "1.5",
  "9007199254740993",
  "-9223372036854775809",
  "9223372036854775807",
  "1e400",
  "-1e308",
];
const HUGE_NUMBERS = [`1${"0".repeat(400)}`, "123456789012345678901234567890", "2147483648", "1e-400"];
const TEXTS = [
  '""',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"%"',
  '"\' or 1=1 --"',
  `"${"%a".repeat(LONG / 2)}"`,
];
const TIMES = [
  '"0001-01-01T00:00:00Z"',
  '"0001-01-01T00:00:00+23:59"',
  '"9999-12-31T23:59:59.999999Z"',
  '"9999-12-31T23:59:59.999999-23:59"',
  '"2030-02-30T00:00:00Z"',
  "1e300",
  "-62135596801",
];
const IDS = ['"00000000-0000-0000-0000-000000000000"', '"{00000000-0000-4000-8000-000000000000}"', '"not an id"'];
const OBJECTS = [
  "{}",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"\\u0000":"\\u0000"}',
  '{"a":"\\u0000","b":"\\ud800"}',
  '{"big":123456789012345678901234567890,"huge":1e400}',
  `{"deep":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`,
  `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`,
];
const LISTS = [
  "[]",
  "[null]",
  '["\\u0000"]',
  '["\\ud800"]',
  "[[]]",
  `[${Array(1000).fill('"x"').join(",")}]`,
  `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`,
];
const FLAGS = ["true", '"yes"', "2"];
const OTHERS = ["null", "true", "5", '"text"', "[]", "{}"];

/** JSON texts to put where `node` is expected: extremes of its own kind, then some of other kinds. */
export function hostileTexts(node: JsonSchemaNode): readonly string[] {
  const members = (node.anyOf ?? node.oneOf ?? [node]) as readonly JsonSchemaNode[];
  const own = members.flatMap(ownKind);
  return [...new Set([...own, ...OTHERS])];
}

function ownKind(node: JsonSchemaNode): readonly string[] {
  if (node.format === "uuid") return IDS;
  if (node.format === "date-time") return TIMES;
  switch (node.type) {
    case "integer":
    case "number":
      return [...NUMBERS, ...HUGE_NUMBERS];
    case "string":
      return TEXTS;
    case "boolean":
      return FLAGS;
    case "array":
      return LISTS;
    case "null":
      return [];
    default:
      return OBJECTS;
  }
}

/** Whole bodies that are not what any operation expects. */
export const HOSTILE_BODIES: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  "",
  " ",
  "{",
  "nope",
  "null",
  "[]",
  '"text"',
  "12345678901234567890123",
  '{"a":1,}',
  "\u0000",
  "\ufeff{}",
  '{"__proto__":{"polluted":true}}',
  '{"\\ud800":1}',
  "[".repeat(DEEP),
  `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`,
  new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
];

/** Path segments and query values, percent-encoded. */
export const HOSTILE_SEGMENTS: readonly string[] = [
  "__proto__",
  "%00",
  "a%00b",
  "%ff",
  "%ed%a0%80",
  "%",
  "%2e%2e%2f",
  "a%2Fb",
  "00000000-0000-4000-8000-000000000000",
  "00000000-0000-4000-8000-00000000000Z",
  "-1",
  "99999999999999999999999999",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999-23:59",
  "x".repeat(1000),
];

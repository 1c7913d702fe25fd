import { expect, expectTypeOf, test } from "vitest";
import { parseJson } from "../../../src/kit/json.ts";
import * as s from "../../../src/kit/schema/schema.ts";

const Pet = s.object(
  "Pet",
  {
    name: s.string(),
    age: s.defaulted(s.nullable(s.integer({ ge: 0 })), null),
    kind: s.defaulted(s.oneOf(["cat", "dog"], "PetKind"), "cat"),
    tags: s.defaulted(s.array(s.string()), () => []),
    nick: s.optional(s.nullable(s.string())),
    id: s.supplied(s.uuid()),
  },
  { extra: "forbid" },
);
type Pet = s.Infer<typeof Pet>;

const ID = "123e4567-e89b-12d3-a456-426614174000";

function issueTypes(result: s.ParseResult<unknown>): readonly string[] {
  return result.ok ? [] : result.errors.map((issue) => issue.type);
}

test("an object's value has its defaults, in declared order, without the absent optional keys", () => {
  const result = Pet.parse({ id: ID, name: "Tom" });

  expect(result).toEqual({ ok: true, value: { name: "Tom", age: null, kind: "cat", tags: [], id: ID } });
  expect(Object.keys(result.ok ? result.value : {})).toEqual(["name", "age", "kind", "tags", "id"]);
});

test("a value's type knows which keys may be absent", () => {
  expectTypeOf<Pet>().toEqualTypeOf<{
    readonly name: string;
    readonly age: number | null;
    readonly kind: "cat" | "dog";
    readonly tags: readonly string[];
    readonly nick?: string | null;
    readonly id: string;
  }>();
});

test("made-up defaults are made anew for each value", () => {
  const [first, second] = [Pet.parse({ id: ID, name: "a" }), Pet.parse({ id: ID, name: "b" })];

  expect(first.ok && second.ok && first.value.tags !== second.value.tags).toBe(true);
});

test("components are documented by reference, with shown defaults and the listed required fields", () => {
  const components = s.collectComponents([s.array(Pet)]);

  expect(s.array(Pet).jsonSchema).toEqual({ type: "array", items: { $ref: "#/components/schemas/Pet" } });
  expect([...components.keys()].toSorted()).toEqual(["Pet", "PetKind"]);
  expect(components.get("Pet")).toEqual({
    type: "object",
    properties: {
      name: { type: "string" },
      age: { anyOf: [{ type: "integer", minimum: 0 }, { type: "null" }] },
      kind: { $ref: "#/components/schemas/PetKind", default: "cat" },
      tags: { type: "array", items: { type: "string" } },
      nick: { anyOf: [{ type: "string" }, { type: "null" }] },
      id: { type: "string", format: "uuid" },
    },
    additionalProperties: false,
    required: ["name"],
  });
});

test("keys named like Object.prototype's are data where keys are free and refused where they are not", () => {
  const free = s.record(s.integer()).parse(JSON.parse('{"__proto__":"1","constructor":2}'));
  const fixed = Pet.parse(JSON.parse(`{"id":"${ID}","name":"x","__proto__":{"age":1},"constructor":1}`));

  expect(free.ok && Object.getOwnPropertyNames(free.value)).toEqual(["__proto__", "constructor"]);
  expect(free.ok && Object.getPrototypeOf(free.value)).toBe(Object.prototype);
  expect(issueTypes(fixed)).toEqual(["extra_forbidden", "extra_forbidden"]);
  expect(Object.prototype).not.toHaveProperty("age");
});

test("an object schema refuses field names that Object.prototype has", () => {
  expect(() => s.object("Bad", { constructor: s.string() } as unknown as s.Fields)).toThrow(TypeError);
});

test.each([
  { name: "a lone surrogate", schema: s.string(), json: '"\\ud800"', type: "string_unicode" },
  { name: "a lone surrogate in a uuid", schema: s.uuid(), json: '"\\ud800"', type: "string_unicode" },
  { name: "a lone surrogate in a time", schema: s.dateTime(), json: '"\\ud800"', type: "value_error" },
  { name: "an integer beyond 2^53", schema: s.integer(), json: "9007199254740993", type: "int_parsing_size" },
  { name: "a text of such an integer", schema: s.integer(), json: '"12345678901234567890"', type: "int_parsing_size" },
  { name: "a number too large to hold", schema: s.number(), json: "1e999", type: "finite_number" },
  { name: "the text nan", schema: s.number(), json: '"nan"', type: "finite_number" },
  {
    name: "a time before year 1 in UTC",
    schema: s.dateTime(),
    json: '"0001-01-01T00:00:00+05:00"',
    type: "value_error",
  },
  {
    name: "a time after year 9999 in UTC",
    schema: s.dateTime(),
    json: '"9999-12-31T23:59:59-05:00"',
    type: "value_error",
  },
  { name: "a time that depends on the clock", schema: s.dateTime(), json: '"now"', type: "value_error" },
])("$name is refused, where the reference would fail later", ({ schema, json, type }) => {
  const result = schema.parse(parseJson(json));

  expect(issueTypes(result)).toEqual([type]);
  expect(JSON.stringify(result.ok ? "" : result.errors)).not.toMatch(/\\ud800/);
});

test("free JSON keeps its numbers as they were written", () => {
  const text = '{"a":12345678901234567890,"b":1.0,"c":[1e400]}';

  const result = s.record(s.json()).parse(parseJson(text));

  expect(JSON.stringify(result.ok ? result.value : undefined)).toBe(text);
});

test("checked values can be kept as they were written", () => {
  const label = s.asGiven(s.union([s.integer({ strict: true }), s.number({ strict: true })]));

  const result = label.parse(parseJson("1.0"));

  expect(JSON.stringify(result.ok ? result.value : undefined)).toBe("1.0");
});

test("a failed check is a value error with an empty ctx.error", () => {
  const even = s.refine(s.integer(), (value) => (value % 2 === 0 ? undefined : "must be even"));

  expect(even.parse(3)).toEqual({
    ok: false,
    errors: [{ type: "value_error", loc: [], msg: "Value error, must be even", input: 3, ctx: { error: {} } }],
  });
});

test("transform and preprocess change the value and the input", () => {
  const shout = s.transform(s.string(), (text) => text.toUpperCase());
  const orNothing = s.preprocess(s.string(), (input) => input ?? "");

  expect(shout.parse("a")).toEqual({ ok: true, value: "A" });
  expect(orNothing.parse(null)).toEqual({ ok: true, value: "" });
});

test("a schema can contain itself", () => {
  interface Tree {
    readonly children: readonly Tree[];
  }
  const Tree: s.Schema<Tree> = s.object("Tree", { children: s.array(s.lazy("Tree", () => Tree)) });

  expect(Tree.parse({ children: [{ children: [] }] }).ok).toBe(true);
  expect(Tree.parse({ children: [{}] })).toMatchObject({ errors: [{ loc: ["children", 0, "children"] }] });
  expect([...s.collectComponents([Tree]).keys()]).toEqual(["Tree"]);
});

test("a schema is a Standard Schema", () => {
  const { validate } = Pet["~standard"];

  expect(validate({ id: ID })).toEqual({ issues: [{ message: "Field required", path: ["name"] }] });
  expect(validate({ id: ID, name: "a" })).toHaveProperty("value");
});

test("lone surrogates are found in keys and values at any depth", () => {
  let deep: unknown = { "\ud800": 1 };
  for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];

  expect(s.hasLoneSurrogate(deep)).toBe(true);
  expect(s.hasLoneSurrogate({ a: ["\ud83d\ude00"], b: 1 })).toBe(false);
});

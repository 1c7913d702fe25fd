import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { checkAgainstSchema } from "../../../src/domain/parameters/check-against-schema.ts";
import type { JsonObject } from "../../../src/domain/parameters/json-types.ts";
import { parseJson } from "../../../src/kit/json.ts";
import { cached, runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";

/** Schema, then values that fit or do not. JSON text, so that numbers reach both sides as written. */
const CASES: readonly (readonly [schema: string, ...values: string[]])[] = [
  [
    `{"type":"object","properties":{"n":{"type":"integer"},"name":{"type":"string","default":"x"}},"required":["n"]}`,
    "{}",
    `{"n":1}`,
    `{"n":"no"}`,
    `{"n":1.0}`,
    `{"n":1.5}`,
    `{"n":null}`,
    `{"n":true}`,
    `{"n":123456789012345678901234567890}`,
    `{"n":"a","name":1}`,
    `{"n":1,"name":null}`,
    `{"n":1,"other":2}`,
    "[]",
    `{"n":"it's \\"quoted\\" \\n é 😀"}`,
    `{"n":1e30}`,
    `{"n":[1.0,{"a":null,"b":false}]}`,
  ],
  [
    `{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"object","properties":{"d e":{"type":"string"}}}}}`,
    `{"a":"x","b":"y"}`,
    `{"b":"y","a":"x"}`,
    `{"c":{"d e":1}}`,
    `{"c":{"d e":1},"a":"x"}`,
  ],
  [
    `{"properties":{"l":{"type":"array","items":{"type":"integer","minimum":3},"minItems":1,"maxItems":3,"uniqueItems":true}}}`,
    `{"l":[]}`,
    `{"l":[1]}`,
    `{"l":[3,4,"x"]}`,
    `{"l":[3,3]}`,
    `{"l":[3,4,5,6]}`,
    `{"l":[3,4,5]}`,
  ],
  [
    `{"properties":{"t":{"type":"array","items":[{"type":"integer"},{"type":"string"}],"minItems":2,"maxItems":2}}}`,
    `{"t":[1,"a"]}`,
    `{"t":["a",1]}`,
    `{"t":[1]}`,
    `{"t":null}`,
  ],
  [
    `{"properties":{"u":{"anyOf":[{"type":"integer"},{"type":"string"},{"type":"null"}]},"v":{"oneOf":[{"type":"integer"},{"type":"number"}]}},"required":["u"]}`,
    `{"u":1}`,
    `{"u":null}`,
    `{"u":[]}`,
    `{"u":{}}`,
    `{"u":1,"v":1}`,
    `{"u":1,"v":1.5}`,
    `{"u":1,"v":"s"}`,
  ],
  [
    `{"properties":{"m":{"anyOf":[{"$ref":"#/definitions/M"},{"type":"null"}]}},"definitions":{"M":{"title":"M","type":"object","properties":{"x":{"type":"integer"},"y":{"type":"string"}},"required":["x"]}}}`,
    `{"m":{"x":1}}`,
    `{"m":{}}`,
    `{"m":{"x":"a"}}`,
    `{"m":{"x":1,"y":2}}`,
    `{"m":3}`,
    `{"m":null}`,
  ],
  [
    `{"properties":{"e":{"enum":["a","b",1]},"k":{"const":"k"},"s":{"type":"string","minLength":1,"maxLength":3,"pattern":"^a"},"f":{"type":"number","exclusiveMinimum":0,"maximum":1.5,"multipleOf":0.5}}}`,
    `{"e":"c"}`,
    `{"e":1}`,
    `{"e":true}`,
    `{"k":"x"}`,
    `{"s":""}`,
    `{"s":"abcd"}`,
    `{"s":"b"}`,
    `{"f":0}`,
    `{"f":2}`,
    `{"f":0.3}`,
    `{"f":1}`,
  ],
  [
    `{"type":"object","additionalProperties":false,"properties":{"a":{}},"patternProperties":{}}`,
    `{"b":1}`,
    `{"b":1,"c":2}`,
    `{"a":1}`,
  ],
  [`{"type":"object","additionalProperties":{"type":"integer"},"minProperties":1}`, "{}", `{"a":"x"}`, `{"a":1}`],
  [
    `{"properties":{"a":{"not":{"type":"string"}},"b":{"allOf":[{"type":"integer"},{"minimum":2}]}}}`,
    `{"a":"x"}`,
    `{"b":1}`,
    `{"b":"x"}`,
  ],
  [`{"properties":{"a":{"$ref":"#/definitions/nowhere"}}}`, `{"a":1}`],
  [`{"properties":{"a":{"$ref":"#/properties/a"}}}`, `{"a":1}`, "{}"],
  [
    `{"properties":{"a":{"if":{"type":"integer"},"then":{"minimum":5},"else":{"type":"string"}},"c":{"contains":{"type":"integer"}}}}`,
    `{"a":1}`,
    `{"a":[]}`,
    `{"a":"s"}`,
    `{"c":["x"]}`,
    `{"c":[1]}`,
  ],
  [
    `{"properties":{"d":{"type":"string","format":"date-time"},"p":{"propertyNames":{"maxLength":1}},"q":false}}`,
    `{"d":"not a date"}`,
    `{"p":{"ab":1}}`,
    `{"q":1}`,
  ],
];

const VARIANTS = ["{}", `{"ignore_required":true}`, `{"allow_none_with_default":true}`, `{"preprocess":false}`];

const ORACLE = `
import json, sys
from prefect.utilities.schema_tools.validation import validate, ValidationError, CircularSchemaRefError
out = []
for schema, *values in json.loads(sys.argv[1]):
    for value in values:
        for variant in json.loads(sys.argv[2]):
            try:
                validate(json.loads(value), json.loads(schema), raise_on_error=True, **json.loads(variant))
                out.append(None)
            except ValidationError as exc:
                out.append(str(exc))
            except CircularSchemaRefError:
                out.append("circular")
            except Exception:
                out.append("broken schema")
print(json.dumps(out))
`;

const flat = CASES.flatMap(([schema, ...values]) =>
  values.flatMap((value) => VARIANTS.map((variant) => ({ schema, value, variant }))),
);

describe.skipIf(missing("reference-3.9.1"))("as the reference", () => {
  let expected: readonly (string | null)[];
  beforeAll(async () => {
    const args = [JSON.stringify(CASES), JSON.stringify(VARIANTS)];
    const name = createHash("sha256")
      .update(args.join() + ORACLE)
      .digest("hex")
      .slice(0, 16);
    expected = JSON.parse(
      await cached(`check-against-schema-${name}.json`, () => runPython("3.9.1", ORACLE, { args })),
    );
  }, 120_000);

  // The reference fails on schemas that are none, which ours takes for what they mean.
  test.each(flat.map((each, index) => ({ ...each, index })))("$value against $schema $variant", (each) => {
    const wanted = expected[each.index];
    if (wanted === "broken schema") return;
    const { ignore_required, allow_none_with_default, preprocess } = JSON.parse(each.variant);
    const problem = checkAgainstSchema(parseJson(each.value), parseJson(each.schema) as JsonObject, {
      ignoreRequired: ignore_required ?? false,
      allowNoneWithDefault: allow_none_with_default ?? false,
      isExact: preprocess === false,
    });

    const answer = problem === undefined ? null : problem.kind === "circular" ? "circular" : problem.message;
    expect(answer).toBe(wanted);
  });
});

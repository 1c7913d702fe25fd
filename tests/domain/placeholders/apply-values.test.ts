import { expect, test } from "vitest";
import { type ApplyOptions, applyValues } from "../../../src/domain/placeholders/apply-values.ts";
import { askReference } from "./ask-reference.ts";

const VALUES = {
  name: "etl",
  count: 3,
  yes: true,
  none: null,
  list: [1, { deep: "x" }],
  map: { "2026": "year", "a-b": [0.5, 1] },
  nested: "{{ name }}",
};
const ENV = { HOME_DIR: "/home/ada" };

const TEMPLATES: readonly unknown[] = [
  "plain",
  12,
  null,
  "{{ count }}",
  "{{count}}",
  " {{ count }}",
  "{{ list }}",
  "{{ list[1].deep }}",
  "{{ list.0 }}",
  "{{ list[-1] }}",
  "{{ map.2026 }}/{{ map.a-b[0] }}",
  "{{ name[0] }}",
  "{{ yes }} {{ none }} {{ count }}",
  "got {{ map }} and {{ list }}",
  "{{ none }}",
  "{{ missing }}",
  "x{{ missing }}y{{ name }}",
  { a: "{{ missing }}", b: ["{{ missing }}", "{{ name }}"], c: { d: "{{ none }}" } },
  "{{ nested }} {{ nested }}",
  "{{ $HOME_DIR }}",
  "{{ $HOME_DIR }}/x",
  "{{ $NOT_THERE }}|",
  "{{ prefect.variables.x }} {{ prefect.blocks.secret.y }} {{ name }}",
  "{{ ctx.flow.name }}",
  "{{ ctx.flow.name }}-{{ name }}-{{ missing }}",
  "{{ two words }} {{}} {{ name|upper }}",
  [{ deep: [{ deeper: "{{ count }}" }] }],
];

const VARIANTS: readonly Omit<ApplyOptions, "values">[] = [{}, { keepMissing: true }, { skipPrefix: "ctx." }];

test("placeholders are replaced as the reference replaces them", async () => {
  const cases = VARIANTS.flatMap((variant) => TEMPLATES.map((template) => ({ template, variant })));

  const ours = cases.map(({ template, variant }) => {
    const filled = applyValues(template, { values: VALUES, env: ENV, ...variant });
    return filled === undefined ? "<not set>" : filled;
  });

  expect(ours).toEqual(await askReference(cases, VALUES, ENV));
});

test("a number that JavaScript cannot hold is left alone", () => {
  const exact = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON("12345678901234567890");

  expect(applyValues({ at: exact }, { values: {} })).toEqual({ at: exact });
});

test("missing values are told of", () => {
  const missing: string[] = [];

  applyValues(["{{ a }}", "x{{ b }}"], { values: {}, onMissing: ({ text }) => void missing.push(text) });

  expect(missing).toEqual(["{{ a }}", "{{ b }}"]);
});

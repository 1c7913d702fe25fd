import { expect, test } from "vitest";
import { fullFields, type SchemaFamily } from "../../../src/domain/blocks/full-fields.ts";

function family(
  schemas: Readonly<Record<string, object>>,
  nested: Readonly<Record<string, readonly (readonly [name: string, id: string])[]>>,
): SchemaFamily {
  const stored = Object.entries(schemas).map(([id, fields]) => {
    return [id, { checksum: `sum ${id}`, slug: `slug ${id}`, fields: fields as Record<string, unknown> }] as const;
  });
  const references = Object.entries(nested).map(([id, children]) => {
    return [id, children.map(([name, child]) => ({ name, id: child }))] as const;
  });
  return { schemas: new Map(stored), nested: new Map(references) };
}

const to = (id: string) => ({ block_schema_checksum: `sum ${id}`, block_type_slug: `slug ${id}` });

test("nested blocks come back as references and definitions, those inside them too", () => {
  const schemas = { a: { title: "A", definitions: { Own: { x: 1 } } }, b: { title: "B" }, c: { title: "C" } };

  expect(fullFields(family(schemas, { a: [["left", "b"]], b: [["inner", "c"]] }), "a")).toEqual({
    title: "A",
    block_schema_references: { left: to("b") },
    definitions: {
      Own: { x: 1 },
      B: { title: "B", block_schema_references: { inner: to("c") } },
      C: { title: "C", block_schema_references: {} },
    },
  });
});

test("a field that takes several kinds of blocks refers to each once", () => {
  const given = family(
    { a: {}, b: {}, c: {} },
    {
      a: [
        ["one", "b"],
        ["many", "b"],
        ["many", "c"],
        ["many", "b"],
      ],
    },
  );

  expect(fullFields(given, "a")).toEqual({
    block_schema_references: { one: to("b"), many: [to("b"), to("c")] },
  });
});

test("a circle, which only damage can make, comes to an end", () => {
  const given = family({ a: { title: "A" }, b: { title: "B" } }, { a: [["x", "b"]], b: [["y", "a"]] });

  expect(fullFields(given, "a")).toEqual({
    title: "A",
    block_schema_references: { x: to("b") },
    definitions: { B: { title: "B", block_schema_references: {} } },
  });
});

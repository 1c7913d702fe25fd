import { expect, test } from "vitest";
import { separateReferences } from "../../../src/domain/blocks/document-references.ts";

const ID = "aaaaaaaa-0000-4000-8000-000000000000";

test("references at the top are taken out, others are data", () => {
  const data = { a: 1, b: { $ref: { block_document_id: ID.toUpperCase() } }, c: { d: { $ref: 1 } }, e: [{ $ref: 2 }] };

  expect(separateReferences(data)).toEqual({
    kind: "separated",
    data: { a: 1, c: { d: { $ref: 1 } }, e: [{ $ref: 2 }] },
    references: [{ name: "b", id: ID }],
  });
});

test.each([[{}], [null], ["text"], [{ block_document_id: null }], [{ block_document_id: "x" }], [[ID]]])(
  "a reference to %j is refused by the name of its field",
  ($ref) => {
    const result = separateReferences({ field: { $ref } });

    expect(result).toEqual({ kind: "refused", why: expect.stringContaining("field") });
  },
);

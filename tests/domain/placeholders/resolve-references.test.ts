import { expect, test } from "vitest";
import {
  type ReferenceSource,
  resolveBlocks,
  resolveVariables,
} from "../../../src/domain/placeholders/resolve-references.ts";

const BLOCKS: Readonly<Record<string, object>> = {
  "secret.token": { value: "abc" },
  "json.config": { value: { value: 1, values: [1, { "a-b": "deep" }] } },
  "s3.bucket": { bucket: "b", retries: 3, settings: { a: 1 } },
};

function source(asked: string[] = []): ReferenceSource {
  return {
    async readBlock(typeSlug, name) {
      asked.push(`${typeSlug}.${name}`);
      const block = BLOCKS[`${typeSlug}.${name}`];
      if (block === undefined) throw new Error("no such block");
      return block;
    },
    readBlockById: async (id) => ({ id }),
    async findVariable(name) {
      asked.push(name);
      return { text: "hello", list: [1, 2], none: null }[name];
    },
  };
}

test.each([
  ["{{ prefect.blocks.secret.token }}", "abc"],
  ["Bearer {{ prefect.blocks.secret.token }}", "Bearer abc"],
  ["{{ prefect.blocks.json.config.value.values[1].a-b }}", "deep"],
  ["{{ prefect.blocks.json.config.values[0] }}", 1],
  ["{{ prefect.blocks.s3.bucket }}", BLOCKS["s3.bucket"]],
  ["{{ prefect.blocks.s3.bucket.bucket }}/{{ prefect.blocks.s3.bucket.retries }}/{{ x }}", "b/3/{{ x }}"],
  [{ a: [{ $ref: { block_document_id: "1" } }] }, { a: [{ id: "1" }] }],
  ["{{ prefect.variables.text }}", "{{ prefect.variables.text }}"],
])("blocks in %j become %j", async (template, expected) => {
  expect(await resolveBlocks(template, source())).toEqual(expected);
});

test.each([
  ["{{ prefect.blocks.secret }}", "BLOCK_PLACEHOLDER_INVALID"],
  ["{{ prefect.blocks.s3.bucket.nothing }}", "BLOCK_KEY_UNKNOWN"],
  ["x {{ prefect.blocks.s3.bucket.settings }}", "BLOCK_VALUE_NOT_INLINE"],
])("%j is refused with %s", async (template, code) => {
  await expect(resolveBlocks(template, source())).rejects.toMatchObject({ code });
});

test.each([
  ["{{ prefect.variables.list }}", [1, 2]],
  ["{{ prefect.variables.text }} {{ prefect.variables.list }}", "hello [1, 2]"],
  [
    ["{{ prefect.variables.missing }}", "a{{ prefect.variables.missing }}b"],
    ["", "ab"],
  ],
  ["{{ prefect.blocks.secret.token }}", "{{ prefect.blocks.secret.token }}"],
])("variables in %j become %j", async (template, expected) => {
  expect(await resolveVariables(template, source())).toEqual(expected);
});

test("every block and variable is asked for once", async () => {
  const asked: string[] = [];
  const template = ["{{ prefect.blocks.secret.token }}", "{{ prefect.blocks.secret.token }}!"];

  await resolveBlocks(template, source(asked));

  expect(asked).toEqual(["secret.token"]);
});

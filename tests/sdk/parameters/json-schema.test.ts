import { type } from "arktype";
import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { parameterSchema } from "../../../src/sdk/parameters/json-schema.ts";
import { readSignature } from "../../../src/sdk/parameters/signature.ts";

const nothing = readSignature(() => 0);

test("a schema of zod becomes the schema of the parameters, with positions", async () => {
  const Page = z.object({ url: z.string() }).meta({ id: "Page" });
  const schema = z.object({ page: Page, n: z.number().default(1) });

  expect(await parameterSchema(nothing, schema)).toEqual({
    title: "Parameters",
    type: "object",
    properties: {
      page: { title: "page", position: 0, $ref: "#/definitions/Page" },
      n: { title: "n", position: 1, type: "number", default: 1 },
    },
    required: ["page"],
    definitions: { Page: expect.objectContaining({ type: "object" }) },
  });
});

test("a schema of arktype becomes the schema of the parameters", async () => {
  expect(await parameterSchema(nothing, type({ url: "string", "n?": "number" }))).toMatchObject({
    properties: { url: { type: "string" }, n: { type: "number" } },
    required: ["url"],
  });
});

test("a schema that cannot describe itself leaves the names of the signature", async () => {
  const signature = readSignature(({ url }: { url: string }) => url);

  expect(await parameterSchema(signature, v.object({ url: v.string() }))).toEqual({
    title: "Parameters",
    type: "object",
    properties: { url: { title: "url", position: 0 } },
    required: ["url"],
  });
});

test("without a schema the signature tells names, defaults and what is required", async () => {
  const signature = readSignature((a: number, b = "x") => [a, b]);

  expect(await parameterSchema(signature, undefined)).toEqual({
    title: "Parameters",
    type: "object",
    properties: { a: { title: "a", position: 0 }, b: { title: "b", position: 1, default: "x" } },
    required: ["a"],
  });
});

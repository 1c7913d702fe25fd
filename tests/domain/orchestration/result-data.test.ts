import { expect, test } from "vitest";
import { describeResult, resultWithoutDescription } from "../../../src/domain/orchestration/result-data.ts";

const described = { type: "result_record", x: 1, artifact_key: "k", artifact_type: "t", artifact_description: "d" };

test.each([
  { data: described, key: "k", type: "t", description: "d" },
  { data: { x: 1, artifact_key: 5 }, key: null, type: null, description: null },
  { data: [described], key: null, type: null, description: null },
  { data: "text", key: null, type: null, description: null },
])("$data describes its artifact", ({ data, ...description }) => {
  expect(describeResult(data)).toEqual(description);
});

test.each([
  { data: described, kept: { type: "result_record", x: 1 } },
  { data: { ...described, type: "unpersisted" }, kept: { ...described, type: "unpersisted" } },
  { data: [described], kept: [described] },
  { data: 0, kept: 0 },
  { data: null, kept: null },
])("of $data is kept $kept", ({ data, kept }) => {
  expect(resultWithoutDescription(data)).toEqual(kept);
});

import { expect, test } from "vitest";
import { resolveRunName } from "../../../src/sdk/engine/run-name.ts";

const parameters = { url: "x.org", page: { number: 3 }, list: [1, 2] };

test.each([
  ["fetch {url}", "fetch x.org"],
  ["page {page.number} of {url}", "page 3 of x.org"],
  ["{list}", "[1,2]"],
  ["{{literal}}", "{literal}"],
  ["{unknown.deep}", "undefined"],
])("the template %j gives %j", async (template, name) => {
  expect(await resolveRunName(template, parameters)).toBe(name);
});

test("a function is given the parameters", async () => {
  expect(await resolveRunName(async ({ url }) => `to ${url}`, parameters)).toBe("to x.org");
});

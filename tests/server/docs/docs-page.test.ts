import { expect, test } from "vitest";
import { docsRoutes } from "../../../src/server/docs/docs-routes.ts";
import { html } from "../../../src/server/docs/html.ts";
import { Reply } from "../../../src/server/route.ts";
import { routes } from "../../../src/server/routes.ts";

async function page(): Promise<string> {
  const answer = await docsRoutes(routes)[1]?.handle(undefined as never, undefined as never);
  return answer instanceof Reply ? String(answer.body) : "";
}

test("the page describes every operation, and every link within it leads somewhere", async () => {
  const text = await page();

  const ids = new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
  const links = Array.from(text.matchAll(/href="#([^"]+)"/g), ([, target]) => target);
  expect(routes.filter(({ hidden, operationId }) => !hidden && !ids.has(operationId))).toEqual([]);
  expect(links.filter((target) => !ids.has(target))).toEqual([]);
});

test("the page fetches nothing and runs nothing", async () => {
  expect(await page()).not.toMatch(/<script|<link|<img|src=|@import|url\(|https?:/);
});

test("strings are escaped, markup is not", () => {
  expect(html`<p>${"<b a='\"'>&"}${html`<i>${1}</i>`}${[undefined, "x"]}</p>`.text).toBe(
    "<p>&#60;b a=&#39;&#34;&#39;&#62;&#38;<i>1</i>x</p>",
  );
});

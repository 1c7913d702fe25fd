import { expect, test } from "vitest";
import { tags } from "../../src/sdk/index.ts";
import { currentScope, tagsIn } from "../../src/sdk/runtime/scope.ts";

test("tags last until the end of their block", async () => {
  const inside = await (async () => {
    using _ = tags("a", "b");
    await Promise.resolve();
    return tagsIn(currentScope());
  })();

  expect(inside).toEqual(["a", "b"]);
  expect(tagsIn(currentScope())).toEqual([]);
});

test("tags given with a function last as long as it runs, and add up", async () => {
  const inside = await tags(["a"], () => tags(["b", "a"], async () => tagsIn(currentScope())));

  expect(inside).toEqual(["a", "b"]);
  expect(tagsIn(currentScope())).toEqual([]);
});

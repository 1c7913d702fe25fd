import type { Body, Statement } from "../../schemas/templates/nodes.ts";
import type { Scope } from "./evaluate.ts";
import { execute } from "./execute.ts";
import { Callable, Thing } from "./values.ts";

/** `self`: the blocks of a template as functions. */
export function blocksOf(body: Body, scope: Scope): Thing {
  const blocks = new Map(body.filter(isBlock).map((block) => [block.name, block]));
  const read = (name: string) => {
    const block = blocks.get(name);
    return block && new Callable(name, () => execute(block.body, scope.inner()), { type: "BlockReference" });
  };
  return new Thing("jinja2.runtime.TemplateReference", new Map(), { read });
}

function isBlock(statement: Statement): statement is Statement & { kind: "block" } {
  return statement.kind === "block";
}

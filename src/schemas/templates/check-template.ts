import { TemplateProblem } from "./errors.ts";
import type { Body, Statement } from "./nodes.ts";
import { parseTemplate } from "./parse-template.ts";

const MAX_LOOPS = 10;
const MAX_NESTED_LOOPS = 2;

/** What is wrong with a template, or undefined: whether it can be read, and that its loops are few and shallow. */
export function findTemplateProblem(template: string): TemplateProblem | undefined {
  try {
    return findLoopProblem(parseTemplate(template));
  } catch (error) {
    if (error instanceof TemplateProblem) return error;
    if (error instanceof RangeError) return new TemplateProblem("The template is nested too deeply.", 0);
    throw error;
  }
}

function findLoopProblem(body: Body): TemplateProblem | undefined {
  const { count, depth } = measureLoops(body);
  if (count > MAX_LOOPS) {
    const rule = `Templates can contain no more than ${MAX_LOOPS} for loops.`;
    return new TemplateProblem(`Contains ${count} for loops. ${rule}`, 0);
  }
  if (depth > MAX_NESTED_LOOPS) {
    const rule = `Templates can nest for loops no more than ${MAX_NESTED_LOOPS} loops deep.`;
    return new TemplateProblem(`Contains nested for loops at a depth of ${depth}. ${rule}`, 0);
  }
  return undefined;
}

interface Loops {
  readonly count: number;
  readonly depth: number;
}

function measureLoops(body: Body): Loops {
  return body.reduce<Loops>(
    (sum, statement) => {
      const inner = measureLoops(bodiesOf(statement));
      const own = statement.kind === "for" ? 1 : 0;
      return { count: sum.count + inner.count + own, depth: Math.max(sum.depth, inner.depth + own) };
    },
    { count: 0, depth: 0 },
  );
}

function bodiesOf(statement: Statement): Body {
  if (statement.kind === "if") return [...statement.branches.flatMap(({ body }) => body), ...statement.otherwise];
  if (statement.kind === "for") return [...statement.body, ...statement.otherwise];
  return "body" in statement ? statement.body : [];
}

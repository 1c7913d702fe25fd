import { bind, type Parameters } from "./arguments.ts";
import type { Budget } from "./budget.ts";
import type { NamedValues, Value } from "./values.ts";

interface Application {
  readonly name: string;
  readonly input: Value;
  readonly args: readonly Value[];
  readonly named: NamedValues;
}

/** What a filter is given: the value, its arguments, and the way to other filters and tests. */
export interface FilterCall {
  readonly budget: Budget;
  readonly isEscaping: boolean;
  readonly input: Value;
  readonly args: readonly Value[];
  readonly named: NamedValues;
  readonly filter: (application: Application) => Value;
  readonly test: (application: Application) => boolean;
}

export type Filter = (call: FilterCall) => Value;

/** Filters that Jinja gives an argument of its own, which errors count. */
const TAKES_MORE: ReadonlySet<string> = new Set([
  ...["do_replace", "do_xmlattr", "do_sort", "do_unique", "do_min", "do_max", "do_join", "do_first", "do_last"],
  ...["do_random", "do_urlize", "do_truncate", "do_wordwrap", "do_groupby", "do_sum", "do_attr", "_tojson"],
  ...["ui_url", "ui_resource_events_url"],
]);

type Apply<P extends Parameters> = (values: { readonly [Name in keyof P]: Value }, call: FilterCall) => Value;

/** A filter whose first parameter is the value; `name` is what errors call it. */
export function filter<const P extends Parameters>(name: string, parameters: P, apply: Apply<P>): Filter {
  const hidden = TAKES_MORE.has(name) || name.startsWith("humanize_") ? 1 : 0;
  return (call) => apply(bind({ name, parameters, hidden }, [call.input, ...call.args], call.named), call);
}

/** Integers are bigints, so that they are told from floats. */
export type Literal = null | boolean | string | bigint | number;

interface Node {
  /** Counted from 1. */
  readonly line: number;
}

export interface Arguments {
  readonly args: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  /** `*args` and `**kwargs`. */
  readonly rest?: Expression | undefined;
  readonly namedRest?: Expression | undefined;
}

export type UnaryOperator = "-" | "+" | "not";
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "and" | "or";
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export type Expression = Node &
  (
    | { readonly kind: "literal"; readonly value: Literal }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "namespace-field"; readonly name: string; readonly field: string }
    | { readonly kind: "tuple" | "list"; readonly items: readonly Expression[] }
    | { readonly kind: "dict"; readonly entries: readonly { readonly key: Expression; readonly value: Expression }[] }
    | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
    | {
        readonly kind: "binary";
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "compare";
        readonly first: Expression;
        readonly rest: readonly { readonly operator: Comparison; readonly operand: Expression }[];
      }
    | { readonly kind: "concat"; readonly parts: readonly Expression[] }
    | {
        readonly kind: "condition";
        readonly test: Expression;
        readonly then: Expression;
        readonly otherwise: Expression | undefined;
      }
    | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
    | { readonly kind: "item"; readonly of: Expression; readonly key: Expression }
    | {
        readonly kind: "slice";
        readonly start: Expression | undefined;
        readonly stop: Expression | undefined;
        readonly step: Expression | undefined;
      }
    | ({ readonly kind: "call"; readonly callee: Expression } & Arguments)
    /** Without an input where it filters a block. */
    | ({ readonly kind: "filter"; readonly name: string; readonly input: Expression | undefined } & Arguments)
    | ({ readonly kind: "test"; readonly name: string; readonly input: Expression } & Arguments)
  );

/** What a name, or several, are given a value by. */
export type Target = Expression & { readonly kind: "name" | "tuple" | "namespace-field" };

export interface Signature {
  readonly parameters: readonly string[];
  /** Of the last parameters. */
  readonly defaults: readonly Expression[];
}

export type Statement = Node &
  (
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "print"; readonly values: readonly Expression[] }
    | {
        readonly kind: "for";
        readonly target: Target;
        readonly over: Expression;
        readonly test: Expression | undefined;
        readonly isRecursive: boolean;
        readonly body: Body;
        readonly otherwise: Body;
      }
    | {
        readonly kind: "if";
        readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
        readonly otherwise: Body;
      }
    | { readonly kind: "set"; readonly target: Target; readonly value: Expression }
    | {
        readonly kind: "set-block";
        readonly target: Target;
        readonly filter: Expression | undefined;
        readonly body: Body;
      }
    | {
        readonly kind: "with";
        readonly targets: readonly Target[];
        readonly values: readonly Expression[];
        readonly body: Body;
      }
    | { readonly kind: "autoescape"; readonly value: Expression; readonly body: Body }
    | { readonly kind: "block"; readonly name: string; readonly body: Body }
    | { readonly kind: "macro"; readonly name: string; readonly signature: Signature; readonly body: Body }
    | { readonly kind: "call-block"; readonly signature: Signature; readonly call: Expression; readonly body: Body }
    | { readonly kind: "filter-block"; readonly filter: Expression; readonly body: Body }
    /** Tags that name another template, of which there is none. */
    | { readonly kind: "other-template" }
  );

export type Body = readonly Statement[];

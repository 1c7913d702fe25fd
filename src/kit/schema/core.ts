import type { StandardIssue, StandardSchema } from "./standard-schema.ts";

/** A node of a JSON Schema document, as FastAPI writes them. */
export interface JsonSchemaNode {
  readonly [keyword: string]: unknown;
}

export type Location = readonly (string | number)[];

/** One validation error in pydantic's shape. `ctx` holds the limits named in `msg`. */
export interface ValidationIssue {
  readonly type: string;
  readonly loc: Location;
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ValidationIssue[] };

/** What `run` returns instead of a value. A class, so that telling it from a value needs no wrapper on the happy path. */
export class Failure {
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    this.issues = issues;
  }
}

/** A named entry of the document's `components.schemas`. */
export interface Component {
  readonly name: string;
  readonly node: JsonSchemaNode;
}

export interface Schema<T> extends StandardSchema<unknown, T> {
  /** This schema where it is used: a `$ref` when it is a component. */
  readonly jsonSchema: JsonSchemaNode;
  readonly component: Component | undefined;
  /** Schemas this one refers to, so that components can be collected. */
  readonly children: readonly Schema<unknown>[];
  /** The name pydantic puts into `loc` for a member of a union. */
  readonly label: string;
  parse(input: unknown): ParseResult<T>;
  /** For schemas built from this one: the value, or a `Failure` whose locations start below this schema. */
  run(input: unknown): T | Failure;
  /** Whether `input` fits without coercion; unions prefer such a member. */
  isExact(input: unknown): boolean;
  /** How many declared fields `input` has, or undefined when this is no object; unions prefer the member with most. */
  countFields(input: unknown): number | undefined;
}

/** The type a schema's `parse` yields. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

export interface SchemaParts<T> {
  readonly label: string;
  readonly jsonSchema: JsonSchemaNode;
  readonly run: (input: unknown) => T | Failure;
  readonly isExact?: (input: unknown) => boolean;
  readonly countFields?: (input: unknown) => number | undefined;
  readonly component?: Component | undefined;
  readonly children?: readonly Schema<unknown>[];
}

/** Builds a schema from its validator and its description; every schema of the kit is made here. */
export function defineSchema<T>(parts: SchemaParts<T>): Schema<T> {
  const { run } = parts;
  return {
    label: parts.label,
    jsonSchema: parts.jsonSchema,
    component: parts.component,
    children: parts.children ?? [],
    run,
    isExact: parts.isExact ?? ((input) => !(run(input) instanceof Failure)),
    countFields: parts.countFields ?? (() => undefined),
    parse(input) {
      const value = run(input);
      return value instanceof Failure ? { ok: false, errors: value.issues } : { ok: true, value };
    },
    "~standard": {
      version: 1,
      vendor: "prefect",
      validate(input) {
        const value = run(input);
        return value instanceof Failure ? { issues: value.issues.map(toStandardIssue) } : { value };
      },
    },
  };
}

/** A failure of one issue at the place of the schema itself. */
export function fail(type: string, msg: string, rest: { input: unknown; ctx?: Record<string, unknown> }): Failure {
  return new Failure([{ type, loc: [], msg, ...rest }]);
}

/** The same issues, each one step further down. */
export function prefixIssues(key: string | number, issues: readonly ValidationIssue[]): ValidationIssue[] {
  return issues.map((issue) => ({ ...issue, loc: [key, ...issue.loc] }));
}

function toStandardIssue(issue: ValidationIssue): StandardIssue {
  return { message: issue.msg, path: issue.loc };
}

const wrapped: unique symbol = Symbol("prefect.annotation");

/** A value with an instruction for how a task treats it. */
export interface Annotated<Value> {
  readonly [wrapped]: "unmapped" | "allow-failure";
  readonly value: Value;
}

/** Marks a value that every run of a `map` gets as it is. */
export function unmapped<Value>(value: Value): Annotated<Value> {
  return { [wrapped]: "unmapped", value };
}

/** Lets a task run although the upstream run failed; the task gets the error in place of the result. */
export function allowFailure<Value>(value: Value): Annotated<Value> {
  return { [wrapped]: "allow-failure", value };
}

export function isAnnotated(value: unknown): value is Annotated<unknown> {
  return typeof value === "object" && value !== null && wrapped in value;
}

export function isUnmapped(value: unknown): value is Annotated<unknown> {
  return isAnnotated(value) && value[wrapped] === "unmapped";
}

export function allowsFailure(value: Annotated<unknown>): boolean {
  return value[wrapped] === "allow-failure";
}

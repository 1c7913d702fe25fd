import { asNumber } from "./coerce.ts";
import { Callable, type Value } from "./values.ts";

/** The few fields and methods that numbers have. */
export function fieldOfNumber(value: Value, name: string): Value | undefined {
  const number = asNumber(value);
  if (number === undefined) return undefined;
  const method = (call: () => Value) =>
    new Callable(name, call, { owner: typeof number === "bigint" ? "int" : "float" });
  switch (name) {
    case "real":
      return number;
    case "imag":
      return typeof number === "bigint" ? 0n : 0;
    case "numerator":
      return typeof number === "bigint" ? number : undefined;
    case "denominator":
      return typeof number === "bigint" ? 1n : undefined;
    case "conjugate":
      return method(() => number);
    case "is_integer":
      return typeof number === "number" ? method(() => Number.isInteger(number)) : undefined;
    case "bit_length":
      return typeof number === "bigint" ? method(() => bitLength(number)) : undefined;
    default:
      return undefined;
  }
}

function bitLength(value: bigint): bigint {
  return value === 0n ? 0n : BigInt((value < 0n ? -value : value).toString(2).length);
}

import { isObject } from "../parameters/json-types.ts";
import { findPlaceholders, type Placeholder, replacePlaceholders, wholePlaceholder } from "./placeholder.ts";
import { pythonText } from "./python-text.ts";
import { valueAt } from "./value-at.ts";

export interface ApplyOptions {
  /** What `{{ a.b[0] }}` is looked up in. */
  readonly values: object;
  /** What `{{ $NAME }}` is looked up in. @default no variable */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Leave placeholders without a value as they are, where the default takes out their key, item or text. */
  readonly keepMissing?: boolean;
  /** Leaves alone the placeholders whose name begins so. */
  readonly skipPrefix?: string;
  /** Told of every placeholder without a value. */
  readonly onMissing?: (placeholder: Placeholder) => void;
}

/**
 * A JSON value with its placeholders of values and environment variables replaced, at any depth. One that is all of a
 * text becomes the value itself, of whatever type; one among other text becomes the value as Python prints it.
 * Undefined when the whole template is one placeholder without a value.
 */
export function applyValues(template: unknown, options: ApplyOptions): unknown {
  if (typeof template === "string") return inText(template, options);
  const fill = (value: unknown) => {
    const filled = applyValues(value, options);
    return filled === undefined && options.keepMissing === true ? value : filled;
  };
  if (Array.isArray(template)) return template.map(fill).filter((item) => item !== undefined);
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([key, value]) => [key, fill(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function inText(text: string, options: ApplyOptions): unknown {
  const { skipPrefix } = options;
  const isSkipped = ({ name }: Placeholder) => skipPrefix !== undefined && name.startsWith(skipPrefix);
  const whole = wholePlaceholder(text);
  if (whole?.kind === "value" && !isSkipped(whole)) {
    const value = valueAt(options.values, whole.name);
    if (value === undefined) options.onMissing?.(whole);
    return value;
  }
  if (findPlaceholders(text).every(isSkipped)) return text;
  return replacePlaceholders(text, (placeholder) => {
    if (isSkipped(placeholder)) return undefined;
    return replacement(placeholder, options);
  });
}

function replacement(placeholder: Placeholder, options: ApplyOptions): string | undefined {
  const { kind, name } = placeholder;
  if (kind === "block" || kind === "variable") return undefined;
  const value = kind === "value" ? valueAt(options.values, name) : options.env?.[name];
  if (value !== undefined) return pythonText(value);
  options.onMissing?.(placeholder);
  return options.keepMissing === true ? undefined : "";
}

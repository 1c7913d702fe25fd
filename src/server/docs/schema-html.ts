import type { JsonSchemaNode } from "../../kit/schema/schema.ts";
import { type Html, html } from "./html.ts";

type Node = JsonSchemaNode;

const COMPONENT = "#/components/schemas/";
const BOUNDS = [
  ["minimum", "≥"],
  ["maximum", "≤"],
  ["exclusiveMinimum", ">"],
  ["exclusiveMaximum", "<"],
  ["minLength", "length ≥"],
  ["maxLength", "length ≤"],
  ["minItems", "items ≥"],
  ["maxItems", "items ≤"],
  ["pattern", "matches"],
] as const;

/** Where on the page a component is described. */
export function componentAnchor(name: string): string {
  return `schema-${name}`;
}

/** What a value looks like, in a line; components are linked. */
export function typeHtml(node: Node): Html {
  const { $ref, anyOf, oneOf, type, items, prefixItems, additionalProperties } = node;
  if (typeof $ref === "string") return link($ref);
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return joined(choices.map(typeHtml), " or ");
  if (Array.isArray(node.enum)) return joined(node.enum.map(valueHtml), " or ");
  if ("const" in node) return valueHtml(node.const);
  if (Array.isArray(prefixItems)) return html`[${joined(prefixItems.map(typeHtml), ", ")}]`;
  if (type === "array") return html`list of ${isNode(items) ? typeHtml(items) : "anything"}`;
  if (type === "object") {
    return isNode(additionalProperties) ? html`object of ${typeHtml(additionalProperties)}` : html`object`;
  }
  if (typeof type !== "string") return html`anything`;
  return typeof node.format === "string" ? html`${type} <span class="soft">(${node.format})</span>` : html`${type}`;
}

/** The fields of an object, one a row; nothing for other values. */
export function fieldsHtml(node: Node): Html {
  if (!isNode(node.properties)) return html`<p>${typeHtml(node)}</p>`;
  const required = Array.isArray(node.required) ? node.required : [];
  const rows = Object.entries(node.properties).map(([name, field]) =>
    rowHtml({ name, field: field as Node, isRequired: required.includes(name) }),
  );
  return html`<table>${rows}</table>`;
}

/** One field or parameter. */
export function rowHtml(row: { readonly name: string; readonly field: Node; readonly isRequired: boolean }): Html {
  const { name, field, isRequired } = row;
  const bounds = BOUNDS.flatMap(([keyword, words]) =>
    keyword in field ? [html` · ${words} <code>${String(field[keyword])}</code>`] : [],
  );
  const fallback = "default" in field ? html` · default ${valueHtml(field.default)}` : undefined;
  const need = isRequired ? html` <span class="soft">required</span>` : undefined;
  return html`<tr><td><code>${name}</code>${need}</td><td>${typeHtml(field)}<span class="soft">${bounds}${fallback}</span></td></tr>`;
}

function link(ref: string): Html {
  const name = ref.replace(COMPONENT, "");
  return html`<a href="#${componentAnchor(name)}">${name}</a>`;
}

function valueHtml(value: unknown): Html {
  return html`<code>${JSON.stringify(value)}</code>`;
}

function joined(parts: readonly Html[], separator: string): Html {
  return html`${parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]))}`;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

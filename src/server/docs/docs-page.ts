import type { JsonSchemaNode } from "../../kit/schema/schema.ts";
import { Html, html } from "./html.ts";
import { componentAnchor, fieldsHtml, rowHtml, typeHtml } from "./schema-html.ts";
import { STYLE } from "./style.ts";

type Node = JsonSchemaNode;

interface Media {
  readonly content?: { readonly "application/json"?: { readonly schema?: Node } };
}

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Node;
  }[];
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media & { readonly description: string }>>;
}

/** The parts of an OpenAPI document that the page shows. */
interface Document {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Node>> };
}

interface Shown extends Operation {
  readonly method: string;
  readonly path: string;
}

/** A readable page of an OpenAPI document that fetches nothing and runs no script. */
export function docsPage(document: Document): string {
  const { title, version } = document.info;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Shown => ({ ...operation, method, path })),
  );
  const byTag = Map.groupBy(operations, (operation) => operation.tags[0] ?? "Other");
  const schemas = Object.entries(document.components.schemas);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new Html(STYLE)}</style></head>
<body><div class="page">
<nav aria-label="Sections"><ul>
${[...byTag].map(([tag, of]) => entry(tag, tagAnchor(tag), of.length))}
${entry("Schemas", "schemas", schemas.length)}
</ul></nav>
<main>
<h1>${title}</h1>
<p class="soft">Version ${version} · ${operations.length} operations · <a href="openapi.json">openapi.json</a></p>
${[...byTag].map(([tag, of]) => html`<h2 id="${tagAnchor(tag)}">${tag}</h2>${of.map(operationHtml)}`)}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, node]) => schemaHtml(name, node))}
</main></div></body></html>`.text;
}

function tagAnchor(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(/\W+/g, "-")}`;
}

function entry(name: string, anchor: string, count: number): Html {
  return html`<li><a href="#${anchor}">${name} <span class="count">${count}</span></a></li>`;
}

function operationHtml(operation: Shown): Html {
  const { method, path, summary, operationId } = operation;
  // The anchor is inside: a browser that is sent there opens what is around it.
  return html`<details><summary><span class="method ${method}">${method.toUpperCase()}</span><code>${path}</code>
<span class="about">${summary}</span></summary><div class="inside" id="${operationId}">
<p class="soft"><code>${operationId}</code></p>${parametersHtml(operation)}${bodyHtml(operation)}${responsesHtml(operation)}</div></details>
`;
}

function parametersHtml({ parameters = [] }: Operation): Html | undefined {
  if (parameters.length === 0) return undefined;
  const rows = parameters.map(({ name, schema, required, in: place }) =>
    rowHtml({ name: `${name} (${place})`, field: schema, isRequired: required }),
  );
  return html`<h3>Parameters</h3><table>${rows}</table>`;
}

function bodyHtml({ requestBody }: Operation): Html | undefined {
  const schema = schemaOf(requestBody);
  return schema && html`<h3>Body</h3><p>${typeHtml(schema)}</p>`;
}

function responsesHtml({ responses }: Operation): Html {
  const rows = Object.entries(responses).map(([status, response]) => {
    const schema = schemaOf(response);
    return html`<tr><td><code>${status}</code> ${response.description}</td><td>${schema ? typeHtml(schema) : "no body"}</td></tr>`;
  });
  return html`<h3>Answers</h3><table>${rows}</table>`;
}

function schemaOf(media: Media | undefined): Node | undefined {
  return media?.content?.["application/json"]?.schema;
}

function schemaHtml(name: string, node: Node): Html {
  return html`<details><summary><code>${name}</code></summary><div class="inside" id="${componentAnchor(name)}">${fieldsHtml(node)}</div></details>
`;
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as clientErrors from "../src/client/errors.ts";
import * as dbErrors from "../src/db/errors.ts";
import * as migrationErrors from "../src/db/migrations/errors.ts";
import * as orchestrationErrors from "../src/domain/orchestration/errors.ts";
import * as placeholderErrors from "../src/domain/placeholders/errors.ts";
import * as projectErrors from "../src/domain/project/errors.ts";
import * as sdkErrors from "../src/sdk/errors.ts";
import * as serverErrors from "../src/server/errors.ts";
import * as outboundErrors from "../src/server/outbound/errors.ts";
import * as settingsErrors from "../src/settings/errors.ts";
import * as stepErrors from "../src/steps/errors.ts";
import * as workerErrors from "../src/workers/errors.ts";

type Factory = ((...args: readonly unknown[]) => Error) & { readonly code: string; readonly status: number };

interface Catalogue {
  readonly title: string;
  /** Below `src`. */
  readonly file: string;
  readonly entries: object;
}

/** Every `src/**\/errors.ts` that declares errors. */
export const catalogues: readonly Catalogue[] = [
  { title: "Server", file: "server/errors.ts", entries: serverErrors },
  { title: "Calls of other servers", file: "server/outbound/errors.ts", entries: outboundErrors },
  { title: "Orchestration", file: "domain/orchestration/errors.ts", entries: orchestrationErrors },
  { title: "Deploying", file: "domain/project/errors.ts", entries: projectErrors },
  { title: "Placeholders", file: "domain/placeholders/errors.ts", entries: placeholderErrors },
  { title: "Database", file: "db/errors.ts", entries: dbErrors },
  { title: "Database schema", file: "db/migrations/errors.ts", entries: migrationErrors },
  { title: "Settings", file: "settings/errors.ts", entries: settingsErrors },
  { title: "Client", file: "client/errors.ts", entries: clientErrors },
  { title: "Steps", file: "steps/errors.ts", entries: stepErrors },
  { title: "SDK", file: "sdk/errors.ts", entries: sdkErrors },
  { title: "Workers", file: "workers/errors.ts", entries: workerErrors },
];

/** One table of errors per catalogue; `{name}` in a text stands for what differs from case to case. */
export function errorsReference(): string {
  const sections = catalogues.map(({ title, file, entries }) => {
    const source = readFileSync(fileURLToPath(new URL(`../src/${file}`, import.meta.url)), "utf8");
    const rows = Object.values(entries)
      .filter(isFactory)
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map((factory) => errorRow(factory, source));
    return [`## ${title}`, "", "| Code | Status | Text |", "| --- | --- | --- |", ...rows].join("\n");
  });
  const intro = `# Errors

Every error has a permanent code: \`error.code\` in TypeScript. Over HTTP the status tells the kind, and the body has the
shapes Prefect's clients know: \`{"detail": text}\`, or \`{"exception_message": text}\` where Prefect answers that. A status of
an error that never crosses HTTP says what kind it is. A 503 carries \`Retry-After\`.`;
  return `${[intro, ...sections].join("\n\n")}\n`;
}

function isFactory(value: unknown): value is Factory {
  return typeof value === "function" && "code" in value && "status" in value;
}

function errorRow(factory: Factory, source: string): string {
  const parameters = new RegExp(`"${factory.code}",\\s*\\d+,\\s*\\(([^)]*)\\)`).exec(source)?.[1] ?? "failure:";
  const names = [...parameters.matchAll(/(\w+)\??:/g)].map(([, name = ""]) => name);
  const { message } = factory(...names.map(placeholder));
  return `| \`${factory.code}\` | ${factory.status} | ${message.replaceAll("|", "\\|").replaceAll("\n", " ")} |`;
}

/** Stands for an argument of any type: as text it is its name in braces, and so is what is read from it. */
function placeholder(name: string): unknown {
  const asText = () => `{${name}}`;
  return new Proxy(asText, {
    get(_, property) {
      if (property === Symbol.iterator) return [placeholder(name)][Symbol.iterator].bind([placeholder(name)]);
      if (property === "length") return 1;
      if (property === "map" || property === "split") return () => [placeholder(name)];
      if (typeof property === "symbol" || ["toString", "toJSON", "join"].includes(property)) return asText;
      return placeholder(property);
    },
  });
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { isMap, isSeq, parseDocument } from "yaml";
import type { DeploymentConfig } from "../../domain/project/project-file.ts";
import { writeNewProject } from "./new-project-file.ts";

/** As people write it: nothing that was there is wrapped or padded anew. */
const FORMAT = { flowCollectionPadding: false, lineWidth: 0 } as const;

/** Writes an entry into prefect.yaml; one of the same name and entrypoint is replaced. A missing file is made. */
export function saveDeployment(path: string, entry: DeploymentConfig): void {
  if (existsSync(path)) {
    writeFileSync(path, withDeployment(readFileSync(path, "utf8"), entry));
    return;
  }
  const folder = dirname(path);
  writeNewProject(folder, { name: basename(folder), build: null, push: null, pull: null, deployments: [entry] });
}

/** The text of a prefect.yaml with the entry in it; comments and order stay. */
export function withDeployment(text: string, entry: DeploymentConfig): string {
  const document = parseDocument(text, { version: "1.1" });
  const list = document.get("deployments");
  const node = document.createNode(entry);
  if (!isSeq(list)) {
    document.set("deployments", document.createNode([entry]));
    return document.toString(FORMAT);
  }
  const index = list.items.findIndex(
    (item) => isMap(item) && item.get("name") === entry.name && item.get("entrypoint") === entry.entrypoint,
  );
  if (index === -1) list.add(node);
  else list.items[index] = node;
  return document.toString(FORMAT);
}

import type { Settings } from "./catalogue.ts";

/** The path of the API, such as `/api`; empty when it is at the root. */
export function apiMount({ server: { api } }: Settings): string {
  return mountPath(api.base_path ?? "/api");
}

/** The path the pages are below; empty for the root. */
export function pagesMount({ server: { ui } }: Settings): string {
  return mountPath(ui.serve_base);
}

function mountPath(path: string): string {
  const inner = path.replace(/^\/+|\/+$/g, "");
  return inner === "" ? "" : `/${inner}`;
}

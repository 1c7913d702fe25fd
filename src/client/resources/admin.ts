import type { Http } from "../http.ts";

export const admin = (http: Http) => ({
  /** The server's release, for example "3.9.1". */
  version: () => http.get<string>("/admin/version"),
  settings: () => http.get<Record<string, unknown>>("/admin/settings"),
  /** True when the API answers that it is healthy; false when it cannot be reached. */
  isHealthy: async () => {
    try {
      return (await http.raw("GET", "/health")).status === 200;
    } catch {
      return false;
    }
  },
});

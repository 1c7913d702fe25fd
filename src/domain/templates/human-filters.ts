import type { Filter } from "./filter.ts";

/** Numbers and times in people's words. */
export const humanFilters: Readonly<Record<string, Filter>> = {};

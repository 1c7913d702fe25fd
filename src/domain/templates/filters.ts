import { collectionFilters } from "./collection-filters.ts";
import type { Filter } from "./filter.ts";
import { humanFilters } from "./human-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { objectFilters } from "./object-filters.ts";
import { selectingFilters } from "./selecting-filters.ts";
import { textFilters } from "./text-filters.ts";

/** The filters of the reference: Jinja's own, those for people's eyes, and its own few. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({
    ...textFilters,
    ...numberFilters,
    ...collectionFilters,
    ...selectingFilters,
    ...humanFilters,
    ...objectFilters,
  }),
);

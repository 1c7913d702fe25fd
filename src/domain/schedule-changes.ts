interface Known {
  readonly id: string;
  readonly slug: string | null;
}

interface Given {
  readonly slug?: string | null;
  readonly replaces?: string | null;
  readonly schedule?: unknown;
}

/** What a changed list of schedules means for those a deployment has. */
export type ScheduleChanges<G> =
  | { readonly kind: "none" }
  | { readonly kind: "replace"; readonly all: readonly G[] }
  | {
      readonly kind: "patch";
      readonly patched: readonly { readonly id: string; readonly by: G }[];
      readonly created: readonly G[];
    }
  | { readonly kind: "invalid"; readonly reason: string };

const NO_SCHEDULE = "Unable to create new deployment schedules without a schedule configuration.";
const NO_SLUG = "Please provide a slug for each schedule in your request to ensure schedules are updated correctly.";

/**
 * Schedules that all have slugs, before and in the request, are matched by slug; where one that exists has none, the
 * request's take the place of all, and those that say no times are dropped.
 * @param given undefined when the request does not speak of schedules
 */
export function planScheduleChanges<G extends Given>(
  known: readonly Known[],
  given: readonly G[] | undefined,
): ScheduleChanges<G> {
  if (given === undefined) return { kind: "none" };
  const isMatchable = known.length > 0 && known.every(({ slug }) => slug !== null);
  if (!isMatchable) return { kind: "replace", all: given.filter(({ schedule }) => schedule) };
  if (given.some(({ slug }) => (slug ?? null) === null)) return { kind: "invalid", reason: NO_SLUG };
  const clash = findClash(known, given);
  if (clash !== undefined) return { kind: "invalid", reason: clash };
  return match(known, given);
}

function findClash(known: readonly Known[], given: readonly Given[]): string | undefined {
  const replaced = new Set<string>();
  for (const { replaces } of given) {
    if (!replaces) continue;
    if (replaced.has(replaces)) return `Multiple schedules have 'replaces' targeting the same slug: ${replaces}`;
    replaced.add(replaces);
  }
  for (const { slug, replaces } of given) {
    const isTaken = known.some((each) => each.slug === slug) && !replaced.has(slug ?? "");
    if (slug && replaces && isTaken) {
      return `Cannot rename schedule from '${replaces}' to '${slug}': a schedule with slug '${slug}' already exists.`;
    }
  }
  return undefined;
}

function match<G extends Given>(known: readonly Known[], given: readonly G[]): ScheduleChanges<G> {
  const patched: { id: string; by: G }[] = [];
  const created: G[] = [];
  for (const by of given) {
    const target = known.find(({ slug }) => slug === (by.replaces || by.slug));
    if (target) patched.push({ id: target.id, by });
    else if (by.schedule) created.push(by);
    else return { kind: "invalid", reason: NO_SCHEDULE };
  }
  return { kind: "patch", patched, created };
}

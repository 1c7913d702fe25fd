import { describe, expect, test } from "vitest";
import { applyChildFiring } from "../../../src/domain/automations/composite.ts";
import type { Firing } from "../../../src/domain/automations/firing.ts";
import type { CompositeTrigger } from "../../../src/domain/automations/watched-automation.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";
import type { EventTriggerInput, TriggerInput } from "../../../src/schemas/trigger.ts";

const START = "2030-01-01T00:00:00Z";
type Happening = readonly [child: string, seconds: number];

function child(id: string): TriggerInput {
  const fields = { match: {}, match_related: {}, after: [], expect: [id], for_each: [], threshold: 1, within: 0 };
  return { id, type: "event", posture: "Reactive", ...fields } satisfies EventTriggerInput;
}

function firing([id, seconds]: Happening): Firing {
  const triggered = addSeconds(START, seconds);
  const nothing = { triggering_labels: {}, triggering_firings: [], triggering_event: null, triggering_value: null };
  return { id: `${id}:${seconds}`, trigger: child(id), trigger_states: ["Triggered"], triggered, ...nothing };
}

/** What made the trigger fire, each time. */
function fires(trigger: CompositeTrigger, happenings: readonly Happening[]): readonly (readonly string[])[] {
  let remembered: readonly Firing[] = [];
  return happenings.flatMap((happening) => {
    const outcome = applyChildFiring(trigger, remembered, firing(happening));
    remembered = outcome.remembered;
    return outcome.fires ? [outcome.fires.map(({ id }) => id)] : [];
  });
}

const triggers = ["a", "b", "c"].map(child);
const compound = (require: number | "any" | "all", within: number | null = null) =>
  ({ id: "it", type: "compound", require, within, triggers }) as const;
const sequence = (within: number | null = null) => ({ id: "it", type: "sequence", within, triggers }) as const;

describe("a trigger made of others", () => {
  test.each<[string, CompositeTrigger, string]>([
    ["any fires at each", compound("any"), "a:0 a:1 => a:0, a:1"],
    ["all fires when the last is there", compound("all"), "c:0 a:1 b:2 => c:0 a:1 b:2"],
    ["all starts again afterwards", compound("all"), "a:0 b:1 c:2 a:3 => a:0 b:1 c:2"],
    ["a newer firing replaces an older one", compound(2), "a:0 a:1 b:2 => a:1 b:2"],
    ["what is too old does not count", compound(2, 10), "a:0 b:11 c:12 => b:11 c:12"],
    ["a sequence fires in order", sequence(), "a:0 b:1 c:2 => a:0 b:1 c:2"],
    ["a sequence does not fire out of order", sequence(), "b:0 a:1 c:2 =>"],
    ["a sequence fires once the order is right", sequence(), "b:0 a:1 b:2 c:3 => a:1 b:2 c:3"],
    ["a sequence must be quick enough", sequence(10), "a:0 b:6 c:12 =>"],
  ])("%s", (_what, trigger, story) => {
    const [happenings = "", fired = ""] = story.split("=>");
    const parsed = happenings
      .trim()
      .split(" ")
      .map((each) => each.split(":") as [string, string]);

    const outcome = fires(
      trigger,
      parsed.map(([id, at]) => [id, Number(at)]),
    );

    expect(outcome.map((ids) => ids.join(" ")).join(", ")).toBe(fired.trim());
  });
});

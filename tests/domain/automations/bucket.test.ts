import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEvent, applyTime, type KeyState, type WatchingTrigger } from "../../../src/domain/automations/bucket.ts";
import { eventCriteria } from "../../../src/domain/automations/event-criteria.ts";
import type { SeenEvent } from "../../../src/domain/automations/firing.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";
import type { EventTriggerInput } from "../../../src/schemas/trigger.ts";

const START = "2030-01-01T00:00:00Z";

function watching(fields: Partial<EventTriggerInput>): WatchingTrigger {
  const defaults = { match: {}, match_related: {}, after: [], expect: [], for_each: [], threshold: 1, within: 0 };
  const definition: EventTriggerInput = { type: "event", posture: "Reactive", ...defaults, ...fields };
  return { definition, criteria: eventCriteria(definition) };
}

function eventAt(name: string, seconds: number): SeenEvent {
  const occurred = addSeconds(START, seconds);
  const resource = { "prefect.resource.id": "a" };
  const id = `${name} at ${seconds}`;
  return { id, occurred, received: occurred, event: name, resource, related: [], payload: {}, follows: null };
}

/** What happens at which second: an event's name, or `?` for a look at the clock. Gives the seconds at which it fired. */
function firedAt(trigger: WatchingTrigger, happenings: readonly (readonly [string, number])[]): readonly number[] {
  let state: KeyState = { bucket: undefined, held: [] };
  return happenings.flatMap(([name, seconds]) => {
    const outcome =
      name === "?"
        ? applyTime(trigger, state, addSeconds(START, seconds))
        : applyEvent(trigger, state, eventAt(name, seconds));
    state = outcome.state;
    return outcome.fired.map(() => seconds);
  });
}

const proactive = { posture: "Proactive", within: 30 } as const;
const pairs = { expect: ["a"], threshold: 2, within: 10 };
const missing = { ...proactive, after: ["a"], expect: ["b"] };
const heartbeat = { ...proactive, after: ["a"], expect: ["a", "end"] };

describe("an event trigger", () => {
  test.each<[string, Partial<EventTriggerInput>, string]>([
    ["that wants one event fires at each", { expect: ["a"] }, "a:0 b:1 a:2 => 0 2"],
    ["without a window counts on, then starts again", { expect: ["a"], threshold: 2 }, "a:0 a:9 a:9 a:9 => 9 9"],
    ["with a window fires once in it", pairs, "a:0 a:1 a:2 a:3 a:11 a:12 => 1 12"],
    ["does not count what its window has left behind", pairs, "a:0 a:11 a:22 =>"],
    ["fires only after what it waits for", { after: ["a"], expect: ["b"], within: 10 }, "b:0 a:1 b:2 b:3 => 2"],
    ["does not fire when that was too long ago", { after: ["a"], expect: ["b"], within: 10 }, "a:0 b:11 b:12 =>"],
    ["counts what it also waits for from the second on", { after: ["a"], expect: ["a"], within: 10 }, "a:0 a:5 => 5"],
    ["that misses what is expected fires when time is up", missing, "a:0 ?:29 ?:31 ?:99 => 31"],
    ["that got what is expected does not", missing, "a:0 b:29 ?:31 =>"],
    ["counts what came before what it waits for was known", missing, "b:5 a:0 ?:31 =>"],
    ["does not count what is too late", missing, "a:0 b:40 => 40"],
    ["waits anew at each heartbeat", heartbeat, "a:0 a:20 ?:31 a:40 ?:69 ?:71 => 71"],
    ["is content with the end after the last heartbeat", heartbeat, "a:0 a:20 end:21 ?:99 =>"],
    ["opens no window for what came in time", { ...proactive, expect: ["b"] }, "b:0 ?:31 =>"],
  ])("%s", (_what, fields, story) => {
    const [happenings = "", fired = ""] = story.split("=>");
    const parsed = happenings
      .trim()
      .split(" ")
      .map((each) => each.split(":") as [string, string]);

    const seconds = firedAt(
      watching(fields),
      parsed.map(([name, at]) => [name, Number(at)]),
    );

    expect(seconds.join(" ")).toBe(fired.trim());
  });

  test("that awaits the end of runs comes to the same in whatever order, and however often, their events arrive", () => {
    const trigger = watching({ ...proactive, after: ["begin"], expect: ["end"], within: 30 });
    const run = fc.record({ endsAfter: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }) });
    const arrival = run.chain(({ endsAfter }) => {
      const events: [string, number][] = [
        ["begin", 0],
        ...(endsAfter === undefined ? [] : [["end", endsAfter] as [string, number]]),
      ];
      const repeated = fc.array(fc.constantFrom(...events), { maxLength: 4 });
      return fc.record({
        endsAfter: fc.constant(endsAfter),
        order: repeated.chain((more) =>
          fc.shuffledSubarray([...events, ...more], { minLength: events.length + more.length }),
        ),
      });
    });

    fc.assert(
      fc.property(arrival, ({ endsAfter, order }) => {
        // The server shows an event to automations once.
        const once = order.filter((event, at) => order.findIndex(([name]) => name === event[0]) === at);

        const fired = firedAt(trigger, [...once, ["?", 61]]);

        expect(fired.length).toBe(endsAfter === undefined || endsAfter >= 30 ? 1 : 0);
      }),
    );
  });
});

import { expect, test } from "vitest";

import { type Api, createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";

const NOON = "2030-01-01T12:00:00Z";

async function scheduled(api: Api, flow_id: string, scheduled_time: string): Promise<string> {
  const state = { type: "SCHEDULED", state_details: { scheduled_time } };
  return (await api.post("/flow_runs/", { flow_id, state })).id;
}

forEachServer((start) => {
  test("a run counts in the stretch that begins at its expected start, not in the one that ends there", async () => {
    await using server = await start({ clock: manualClock(NOON) });
    const api = createApi(server.apiUrl);
    const flow_id = (await api.post("/flows/", { name: "f" })).id;
    for (const time of ["13:00:00Z", "13:00:00.999999Z", "13:00:01Z", "13:00:01.999999Z", "12:59:59.999999Z"]) {
      await scheduled(api, flow_id, `2030-01-01T${time}`);
    }

    const answer = await api.post("/flow_runs/history", {
      history_start: "2030-01-01T13:00:00Z",
      history_end: "2030-01-01T13:00:02.5Z",
      history_interval_seconds: 1,
    });

    const state = {
      state_type: "SCHEDULED",
      state_name: "Scheduled",
      sum_estimated_run_time: 0,
      sum_estimated_lateness: 0,
    };
    const two = [{ ...state, count_runs: 2 }];
    expect(answer.body).toEqual([
      { interval_start: "2030-01-01T13:00:00Z", interval_end: "2030-01-01T13:00:01Z", states: two },
      { interval_start: "2030-01-01T13:00:01Z", interval_end: "2030-01-01T13:00:02Z", states: two },
      { interval_start: "2030-01-01T13:00:02Z", interval_end: "2030-01-01T13:00:03Z", states: [] },
    ]);
  });

  test("run times and lateness are added up to the present, and the mean lateness is that of all", async () => {
    const clock = manualClock(NOON);
    await using server = await start({ clock });
    const api = createApi(server.apiUrl);
    const flow_id = (await api.post("/flows/", { name: "f" })).id;
    await api.post("/flow_runs/", { flow_id, state: { type: "RUNNING" } });
    await scheduled(api, flow_id, "2030-01-01T12:00:30Z");
    clock.advanceMs(90_500);

    const history = await api.post("/flow_runs/history", {
      history_start: NOON,
      history_end: "2030-01-01T13:00:00Z",
      history_interval_seconds: 3600,
    });
    const lateness = await api.post("/flow_runs/lateness", {});

    const states = history.at("0.states") as readonly { readonly state_type: string }[];
    expect(Object.fromEntries(states.map((state) => [state.state_type, state]))).toMatchObject({
      RUNNING: { sum_estimated_run_time: 90.5, sum_estimated_lateness: 0 },
      SCHEDULED: { sum_estimated_run_time: 0, sum_estimated_lateness: 60.5 },
    });
    expect(lateness.body).toBe(30.25);
  });

  test("a history has 500 stretches at most, and none beyond the year 9999", async () => {
    await using server = await start();
    const api = createApi(server.apiUrl);
    const range = { history_start: "2020-01-01T00:00:00Z", history_end: "2021-01-01T00:00:00Z" };

    const many = await api.post("/task_runs/history", { ...range, history_interval_seconds: 1 });
    const long = await api.post("/flow_runs/history", { ...range, history_interval_seconds: 1e300 });
    const short = await api.post("/flow_runs/history", { ...range, history_interval_seconds: 0.9999994 });

    expect(many.body).toHaveLength(500);
    expect([long.status, short.status]).toEqual([422, 422]);
  });
});

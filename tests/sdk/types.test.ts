import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type FlowOptions,
  type Future,
  type FutureList,
  flow,
  type RunContext,
  type State,
  task,
} from "../../src/sdk/index.ts";

const add = task(async (a: number, b?: number) => a + (b ?? 0));
const shout = task({ name: "shout" }, (text: string) => text.toUpperCase());
const page = task(
  { input: z.object({ url: z.string(), depth: z.coerce.number().default(1) }) },
  async ({ url, depth }) => ({ url, depth }),
);
const withContext = task(async (n: number, ctx: RunContext) => n + ctx.run.runCount);

// Checked by the compiler; nothing here runs.
const check = (body: () => unknown) => expectTypeOf(body).toBeFunction();

test("a task is called with its function's parameters and gives its result", () => {
  check(() => {
    expectTypeOf(add(1)).resolves.toBeNumber();
    expectTypeOf(shout("x")).resolves.toBeString();
    // @ts-expect-error a number is no string
    void shout(1);
  });
});

test("a future may stand for an argument, and gives the result when awaited", () => {
  check(async () => {
    const sum = add.submit(1, 2);
    expectTypeOf(sum).toEqualTypeOf<Future<number>>();
    expectTypeOf(add.submit(sum, sum)).toEqualTypeOf<Future<number>>();
    expectTypeOf(await sum).toBeNumber();
    expectTypeOf(await sum.state()).toEqualTypeOf<State<number>>();
    // @ts-expect-error the future is that of a number
    void shout.submit(sum);
  });
});

test("map takes lists and gives a list of futures", () => {
  check(async () => {
    const sums = add.map([1, 2], 3);
    expectTypeOf(sums).toEqualTypeOf<FutureList<number>>();
    expectTypeOf(await sums).toEqualTypeOf<number[]>();
    expectTypeOf(add.map(sums)).toEqualTypeOf<FutureList<number>>();
    expectTypeOf(page.map({ url: ["a", "b"], depth: 2 })).toEqualTypeOf<FutureList<{ url: string; depth: number }>>();
  });
});

test("a schema says what goes in and what the function gets", () => {
  check(() => {
    expectTypeOf(page({ url: "x" })).resolves.toEqualTypeOf<{ url: string; depth: number }>();
    // @ts-expect-error the url is required
    void page({ depth: 1 });
  });
});

test("a trailing context is not an argument", () => {
  check(() => {
    expectTypeOf(withContext(1)).resolves.toBeNumber();
    // @ts-expect-error the engine gives the context
    void withContext(1, {});
  });
});

test("a flow is called like its function", () => {
  check(() => {
    const hello = flow({ name: "hello", retries: 1 }, async (name: string) => name.length);
    expectTypeOf(hello("x")).resolves.toBeNumber();
    expectTypeOf(hello.withState("x")).resolves.toEqualTypeOf<State<number>>();
    expectTypeOf<FlowOptions["retries"]>().toEqualTypeOf<number | undefined>();
    const empty = flow({ input: z.object({ n: z.number().default(1) }) }, async ({ n }) => n);
    expectTypeOf(empty()).resolves.toBeNumber();
  });
});

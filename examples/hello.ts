// A first flow: three greetings written by tasks that run side by side, and one that needs a second try.
//
//   npx prefect dev examples/hello.ts     serves it, and runs it once
//   node examples/hello.ts                runs it, with a server of its own when PREFECT_API_URL is not set
import { flow, log, run, sleep, task } from "prefect";

const greet = task({ retries: 2, retryDelaySeconds: 0.5 }, async (name: string) => {
  if (name === "Grace" && run.taskRun.runCount === 1) throw new Error("Grace did not hear it");
  await sleep(0.2);
  return `Hello, ${name}!`;
});

const count = task(async (greetings: string[]) => greetings.join(" ").length);

export const hello = flow(
  { description: "Greets everybody and counts the letters." },
  async (names: string[] = ["Ada", "Alan", "Grace"]) => {
    const greetings = greet.map(names);
    for (const greeting of await greetings) log.info(greeting);
    const letters = await count(greetings);
    log.info(`${letters} letters in all`);
    return letters;
  },
);

if (import.meta.main) await hello();

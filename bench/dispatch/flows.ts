import { writeFileSync } from "node:fs";
import { flow } from "prefect";

export const dispatched = flow({ name: "dispatched-typescript" }, async (path: string) => {
  writeFileSync(path, String(Date.now()));
});

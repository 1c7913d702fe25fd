import { compareScripts } from "./compare.ts";
import { flows } from "./scripts/flows.ts";

const files = [flows];

compareScripts("sqlite", files);
compareScripts("postgresql", files);

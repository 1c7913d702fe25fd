import { compareScripts } from "./compare.ts";
import { blockDocuments } from "./scripts/block-documents.ts";
import { blocks } from "./scripts/blocks.ts";

compareScripts("sqlite", [blocks, blockDocuments]);
compareScripts("postgresql", [blocks, blockDocuments]);

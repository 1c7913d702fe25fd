import { ApiNotFound, type Client } from "../client/index.ts";
import type { ReferenceSource } from "../domain/placeholders/resolve-references.ts";
import { BlockOfTemplateNotFound } from "./errors.ts";

/** Block documents and variables as the API has them. */
export function apiReferences(client: Client): ReferenceSource {
  return {
    readBlock: async (typeSlug, name) =>
      (await orMissing(client.blockDocuments.readByName(typeSlug, name), `'${name}' of type '${typeSlug}'`)).data,
    readBlockById: async (id) => (await orMissing(client.blockDocuments.read(id), `with the id ${id}`)).data,
    async findVariable(name) {
      try {
        return (await client.variables.read(name)).value;
      } catch (error) {
        if (ApiNotFound.is(error)) return undefined;
        throw error;
      }
    },
  };
}

async function orMissing<Result>(request: Promise<Result>, what: string): Promise<Result> {
  try {
    return await request;
  } catch (error) {
    throw ApiNotFound.is(error) ? BlockOfTemplateNotFound(what) : error;
  }
}

import type { BlockDocument } from "../../schemas/block.ts";
import type { Http } from "../http.ts";

/** Reads give the secrets of the documents, too. */
export const blockDocuments = (http: Http) => ({
  read: (id: string) => http.get<BlockDocument>(`/block_documents/${id}?include_secrets=true`),
  readByName: (typeSlug: string, name: string) =>
    http.get<BlockDocument>(
      `/block_types/slug/${encodeURIComponent(typeSlug)}/block_documents/name/${encodeURIComponent(name)}?include_secrets=true`,
    ),
});

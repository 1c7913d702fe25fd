import { openApiDocument } from "../openapi.ts";
import { htmlReply } from "../pages/html-reply.ts";
import { type Route, route } from "../route.ts";
import { SERVER_VERSION } from "../routes/admin.ts";
import { docsPage } from "./docs-page.ts";

/** The operations that describe the others: the OpenAPI document, and a page made of it. Both are made when first asked for. */
export function docsRoutes(routes: readonly Route[]): readonly Route[] {
  let made: { readonly document: ReturnType<typeof openApiDocument>; readonly page: string } | undefined;
  const make = () => {
    const document = openApiDocument(routes, SERVER_VERSION);
    return { document, page: docsPage(document as unknown as Parameters<typeof docsPage>[0]) };
  };
  const docs = () => (made ??= make());

  return [
    route({
      method: "GET",
      path: "/openapi.json",
      operationId: "openapi",
      tag: "Root",
      summary: "The OpenAPI document of all operations.",
      hidden: true,
      handle: async () => docs().document,
    }),
    route({
      method: "GET",
      path: "/docs",
      operationId: "docs",
      tag: "Root",
      summary: "The same as a page to read.",
      hidden: true,
      handle: async () => htmlReply(docs().page),
    }),
  ];
}

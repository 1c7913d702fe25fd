/**
 * What we use of `node:http`. An import of it by that name reads all of it, its `WebSocket` too, and so loads the whole
 * of fetch: 40 ms and 14 MB in every process.
 */
export const { Agent, createServer, request } = process.getBuiltinModule("node:http");

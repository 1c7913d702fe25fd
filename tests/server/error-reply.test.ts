import { describe, expect, test } from "vitest";
import { DatabaseBusy } from "../../src/db/errors.ts";
import { errorReply } from "../../src/server/error-reply.ts";
import { FlowNotFound, InvalidRequest, Unauthorized } from "../../src/server/errors.ts";

const failure = (fields: object) => Object.assign(new Error("it broke"), fields);
const unavailable = { status: 503, body: { exception_message: "Service Unavailable" } };

describe("what was thrown becomes an answer:", () => {
  test.each([
    {
      what: "an error of the catalogue",
      error: FlowNotFound(),
      reply: { status: 404, body: { detail: "Flow not found" } },
    },
    {
      what: "the other shape",
      error: Unauthorized(),
      reply: { status: 401, body: { exception_message: "Unauthorized" } },
    },
    {
      what: "an invalid request",
      error: InvalidRequest([], { a: 1 }),
      reply: {
        status: 422,
        body: { exception_message: "Invalid request received.", exception_detail: [], request_body: { a: 1 } },
      },
    },
    {
      what: "a busy database",
      error: DatabaseBusy(undefined),
      reply: { ...unavailable, headers: { "retry-after": "1" } },
    },
    { what: "SQLite's lock", error: failure({ errcode: 261 }), reply: unavailable },
    { what: "SQLite's full disk", error: failure({ errcode: 13 }), reply: unavailable },
    { what: "SQLite's unique constraint", error: failure({ errcode: 2067 }), reply: { status: 409 } },
    { what: "a value too big for SQLite", error: failure({ errcode: 18 }), reply: { status: 422 } },
    { what: "PostgreSQL's shutdown", error: failure({ code: "57P01" }), reply: unavailable },
    { what: "a statement timeout", error: failure({ code: "57014" }), reply: unavailable },
    { what: "too many connections", error: failure({ code: "53300" }), reply: unavailable },
    { what: "a lost connection", error: new Error("Connection terminated unexpectedly"), reply: unavailable },
    { what: "a refused connection", error: failure({ code: "ECONNREFUSED" }), reply: unavailable },
    { what: "PostgreSQL's foreign key", error: failure({ code: "23503" }), reply: { status: 409 } },
    { what: "NUL in a text", error: failure({ code: "22021" }), reply: { status: 422 } },
    { what: "NUL in a JSON text", error: failure({ code: "22P05" }), reply: { status: 422 } },
    { what: "a number out of range", error: failure({ code: "22003" }), reply: { status: 422 } },
    { what: "nesting too deep", error: new RangeError("Maximum call stack size exceeded"), reply: { status: 400 } },
    {
      what: "anything else",
      error: new TypeError("x is undefined"),
      reply: { status: 500, body: { exception_message: "Internal Server Error" } },
    },
    { what: "no error at all", error: undefined, reply: { status: 500 } },
  ])("$what", ({ error, reply }) => {
    expect(errorReply(error)).toMatchObject(reply);
  });
});

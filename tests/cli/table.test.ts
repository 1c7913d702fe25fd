import { expect, test } from "vitest";
import { fitColumns } from "../../src/cli/table.ts";

const columns = [{ title: "ID" }, { title: "Name", mayShrink: true }, { title: "State" }];

test("columns are as wide as their widest text", () => {
  expect(fitColumns([["1", "hello", "RUNNING"]], { columns }, 80)).toEqual(["ID  Name   State", "1   hello  RUNNING"]);
});

test("texts that may shrink are cut until the line fits, the others never", () => {
  const lines = fitColumns([["0123456789", "a very long name indeed", "COMPLETED"]], { columns }, 40);

  expect(lines).toEqual(["ID          Name               State", "0123456789  a very long name…  COMPLETED"]);
  expect(Math.max(...lines.map((line) => line.length))).toBe(40);
});

test("a text of several lines becomes one", () => {
  expect(fitColumns([["1", "a\n  b", ""]], { columns }, 80)[1]).toBe("1   a b");
});

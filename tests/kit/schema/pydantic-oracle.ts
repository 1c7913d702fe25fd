import { createHash } from "node:crypto";
import { cached, runPython } from "../../support/python.ts";

/** One input for one of the oracle's types. */
export interface OracleCase {
  readonly type: string;
  readonly json: string;
}

export interface OracleIssue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly ctx: Readonly<Record<string, unknown>>;
}

export type OracleAnswer = { readonly value: unknown } | { readonly issues: readonly OracleIssue[] };

// Validates as FastAPI does with a body that json.loads has read. Values come back as we hold them: UTC text, seconds.
const CODE = `
import datetime, enum, json, sys, uuid
from typing import Annotated, Any, Dict, List, Literal, Optional, Set, Tuple, Union
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from prefect.types import DateTime, DurationOrSecondsTimeDelta, KeyValueLabels
class Operator(enum.Enum):
    and_ = "and_"
    or_ = "or_"
class A(BaseModel):
    model_config = ConfigDict(extra="forbid")
    x: int
    t: Literal["a"] = "a"
class B(BaseModel):
    y: Optional[float] = None
    t: Literal["b"] = "b"
    n: Optional[A] = None
types = {
    "integer": int, "natural": Annotated[int, Field(ge=0, le=10)], "positive": Annotated[float, Field(gt=0, lt=1)],
    "number": float, "boolean": bool, "string": str, "text": Annotated[str, Field(pattern=r"^[^/%&><]+$", min_length=2, max_length=5)],
    "uuid": uuid.UUID, "dateTime": DateTime, "duration": DurationOrSecondsTimeDelta, "operator": Operator,
    "literal": Literal["x"], "literals": Literal["x", "y", "z"], "list": Annotated[List[int], Field(min_length=1, max_length=2)],
    "set": Set[str], "dict": Dict[str, int], "A": A, "B": B, "AB": Union[A, B], "delay": Union[int, float, List[int], List[float], None],
    "labels": KeyValueLabels, "optional": Optional[str], "tuple": Tuple[uuid.UUID, int], "any": Any, "listOfA": List[A],
    "tagged": Annotated[Union[A, B], Field(discriminator="t")],
}
adapters = {name: TypeAdapter(type_) for name, type_ in types.items()}
def plain(value):
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f").rjust(26, "0")
        return text.removesuffix(".000000") + "Z"
    if isinstance(value, datetime.timedelta): return value.total_seconds()
    if isinstance(value, uuid.UUID): return str(value)
    if isinstance(value, enum.Enum): return value.value
    if isinstance(value, BaseModel): return {key: plain(item) for key, item in value}
    if isinstance(value, dict): return {key: plain(item) for key, item in value.items()}
    if isinstance(value, set): return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)): return [plain(item) for item in value]
    return value
def answer(case):
    try:
        return {"value": plain(adapters[case["type"]].validate_python(json.loads(case["json"]), from_attributes=True))}
    except ValidationError as error:
        return {"issues": [
            {"type": e["type"], "loc": e["loc"], "msg": e["msg"],
             "ctx": {k: {} if isinstance(v, Exception) else v for k, v in e.get("ctx", {}).items()}}
            for e in error.errors(include_url=False)
        ]}
    except Exception as error:
        return {"issues": [{"type": "crash", "loc": [], "msg": type(error).__name__, "ctx": {}}]}
print(json.dumps([answer(case) for case in json.loads(sys.argv[1])]))
`;

/** What pydantic in the reference's environment says to each case, in order. */
export async function askPydantic(cases: readonly OracleCase[]): Promise<readonly OracleAnswer[]> {
  const question = JSON.stringify(cases);
  const key = createHash("sha256").update(CODE).update(question).digest("hex").slice(0, 16);
  const text = await cached(`pydantic-${key}.json`, () => runPython("3.9.1", CODE, { args: [question] }));
  return JSON.parse(text) as readonly OracleAnswer[];
}

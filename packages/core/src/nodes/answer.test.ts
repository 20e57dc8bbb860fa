import { describe, expect, it } from "vitest";
import { MOST_ANSWER_BYTES, readAnswer } from "./answer.ts";

const reason = (payloadJSON: string) => {
  const answer = readAnswer({ ok: true, payloadJSON });
  return answer.ok ? answer.payload : answer.message.replace("the node's answer cannot be used: ", "");
};

describe("what a node answers", () => {
  it("DEV-9 is a value, or text that holds one and wins", () => {
    expect(readAnswer({ ok: true, payload: { a: 1 } })).toEqual({ ok: true, payload: { a: 1 }, text: null });
    expect(readAnswer({ ok: true, payload: 1, payloadJSON: ' {"b": 2} ' })).toEqual({
      ok: true,
      payload: { b: 2 },
      text: '{"b":2}',
    });
    expect(readAnswer({ ok: true, payloadJSON: null })).toEqual({ ok: true, payload: undefined, text: null });
  });

  it("DEV-9 is refused when it is no JSON, too deep or too large", () => {
    for (const text of ["", "{", "undefined", "{'a':1}", "\u0000", "NaN"]) expect(reason(text)).toBe("not JSON");
    expect(reason("[".repeat(200_000))).toBe("nested too deeply");
    expect(reason(`${"[".repeat(101)}${"]".repeat(101)}`)).toBe("nested too deeply");
    expect(reason(`"${"x".repeat(MOST_ANSWER_BYTES)}"`)).toBe("too large");
    expect(readAnswer({ ok: true, payload: "x".repeat(MOST_ANSWER_BYTES) })).toMatchObject({ code: "INVALID_ANSWER" });
  });

  it("DEV-9 loses the keys that reach prototypes, at every depth", () => {
    const text = '{"a":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"b":[{"__proto__":1}]}}';
    const answer = readAnswer({ ok: true, payloadJSON: text });
    expect(answer).toEqual({ ok: true, payload: { a: { b: [{}] } }, text: '{"a":{"b":[{}]}}' });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("DEV-9 a failure's words are one short line, and its code has a code's form", () => {
    const said = { code: "MISSING SCOPE\n", message: `one\ntwo\u202e ${"x".repeat(10_000)}` };
    const failure = readAnswer({ ok: false, error: said });
    expect(failure).toMatchObject({ ok: false, code: "UNKNOWN", message: expect.stringMatching(/^one two x+$/) });
    expect(failure.ok ? 0 : failure.message.length).toBeLessThanOrEqual(500);
    expect(readAnswer({ ok: false })).toEqual({ ok: false, code: "UNKNOWN", message: "the node gave no reason" });
  });
});

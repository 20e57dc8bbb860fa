/** What errors on the way to the server mean. */
import { SwitchboardError } from "@switchboard/domain/errors";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { isAway, isGivenUp, toPostgresError } from "./errors.ts";

function said(code: string): Error {
  const error = new pg.DatabaseError("the server's words", 1, "error");
  error.code = code;
  return error;
}

const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe("errors of PostgreSQL", () => {
  it.each([
    ["53100", "STORE_002"],
    ["42501", "STORE_003"],
    ["28P01", "STORE_003"],
    ["25006", "STORE_003"],
    ["55P03", "STORE_004"],
    ["XX001", "STORE_005"],
    ["57P01", "STORE_001"],
    ["57014", "STORE_001"],
    ["40001", "STORE_001"],
    ["23505", "REQ_004"],
    ["22P02", "REQ_001"],
    ["42703", "SYS_005"],
  ])("STORE_* %s is %s, and says where", (state, code) => {
    const error = toPostgresError(said(state), "PostgreSQL host/name");
    expect(error).toMatchObject({
      code,
      message: "PostgreSQL host/name: the server's words",
      details: { sqlState: state },
    });
  });

  it("Q-1 only what does not depend on the call is tried again", () => {
    const away = [said("57P01"), said("57P03"), said("08006"), said("53300"), system("ECONNREFUSED"), system("EPIPE")];
    const closed = [new Error("Connection terminated unexpectedly"), new Error("Query read timeout")];
    for (const error of [...away, ...closed]) expect(isAway(error), error.message).toBe(true);
    expect([said("40P01"), said("40001"), said("23505")].map(isGivenUp)).toEqual([true, true, false]);
    const ours = new SwitchboardError("REQ_002", "There is no session agent:main:test:socket:timeout.");
    for (const error of [ours, said("23505"), said("42703"), new TypeError("x is not a function")]) {
      expect(isAway(error), error.message).toBe(false);
    }
  });
});

import type { PeerId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { isOf } from "./whose.ts";

const self = { id: "U01" as PeerId, space: "T01" };
const bot = (user: string, team = "T01") => ({ team_id: team, user_id: user, is_bot: true });

describe("CH-2 whose an update is", () => {
  it("an event is whose installation it names, wherever it happened", () => {
    expect(isOf({ team_id: "T01", authorizations: [bot("U01")], event: {} }, self)).toBe(true);
    expect(isOf({ team_id: "T02", authorizations: [bot("U01")], event: {} }, self)).toBe(true);
    expect(isOf({ team_id: "T01", authorizations: [bot("U02", "T02")], event: {} }, self)).toBe(false);
  });

  it("an event that names no bot is whose workspace it came through", () => {
    expect(isOf({ context_team_id: "T01", team_id: "T02", event: {} }, self)).toBe(true);
    expect(isOf({ context_team_id: "T02", team_id: "T01", authorizations: [], event: {} }, self)).toBe(false);
    const person = { team_id: "T01", user_id: "U09", is_bot: false };
    expect(isOf({ team_id: "T01", authorizations: [person], event: {} }, self)).toBe(true);
  });

  it("presses, forms and commands are whose workspace they name", () => {
    expect(isOf({ type: "block_actions", team: { id: "T01" } }, self)).toBe(true);
    expect(isOf({ type: "block_actions", team: { id: "T02" } }, self)).toBe(false);
    expect(isOf({ type: "block_actions", team: null, user: { team_id: "T01" } }, self)).toBe(true);
    const view = { app_installed_team_id: "T01" };
    expect(isOf({ type: "view_submission", team: { id: "T02" }, view }, self)).toBe(true);
    expect(isOf({ command: "/switchboard", team_id: "T02" }, self)).toBe(false);
  });

  it("what does not say is nobody's", () => {
    for (const update of [null, [], "x", {}, { team: null }]) expect(isOf(update, self)).toBeUndefined();
    expect(isOf({ team_id: "T02" }, { id: self.id })).toBeUndefined();
    expect(isOf({ team_id: "T02" }, { id: self.id, space: "E01" })).toBeUndefined();
  });
});

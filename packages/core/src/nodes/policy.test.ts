import { describe, expect, it } from "vitest";
import { platformOf } from "./platform.ts";
import { approvalScopes, type CommandFacts, effectiveCommands, judge } from "./policy.ts";
import { declaredSurface } from "./surface.ts";

describe("the scopes that an approval takes", () => {
  const cases: [string[], string[]][] = [
    [[], []],
    [["camera.list"], ["operator.write"]],
    [["system.notify", "location.get"], ["operator.write"]],
    [["system.run"], ["operator.admin"]],
    [["camera.list", "system.run.prepare"], ["operator.admin"]],
    [["system.which"], ["operator.admin"]],
    [["system.execApprovals.get"], ["operator.admin"]],
    [["system.execApprovals.set"], ["operator.admin"]],
    [["browser.proxy"], ["operator.admin"]],
    [["browser.proxy.upload"], ["operator.admin"]],
    [["fs.listDir"], ["operator.admin"]],
    [["terminal.upload"], ["operator.admin"]],
    [["system.runner"], ["operator.write"]],
  ];
  it.each(cases)("DEV-9 %j takes %j", (commands, scopes) => {
    expect(approvalScopes(commands)).toEqual(scopes);
  });
});

describe("a node's platform", () => {
  const cases: [string, string | undefined, string][] = [
    ["ios 18.1", "iPhone", "ios"],
    ["iPadOS 18.0", "iPad", "ios"],
    ["android 15", "Android", "android"],
    ["macOS 15.2", "Mac", "macos"],
    ["darwin", undefined, "macos"],
    ["win32", "Windows", "windows"],
    ["linux", "", "linux"],
    ["watchOS 11", "Apple Watch", "watchos"],
    // What does not fit together, or is not known.
    ["macos", "iPhone", "unknown"],
    ["ios 18.1", "Mac", "unknown"],
    ["linux", "esp32", "unknown"],
    ["beos", undefined, "unknown"],
    ["macosx-evil", "Mac", "unknown"],
    ["not macos", "Mac", "unknown"],
    ["", "Mac", "unknown"],
  ];
  it.each(cases)("DEV-9 %j with family %j is %s", (platform, deviceFamily, expected) => {
    expect(platformOf({ platform, deviceFamily })).toBe(expected);
  });
});

describe("a command", () => {
  const facts = (changes: Partial<CommandFacts> & { readonly commands?: string[] }): CommandFacts => {
    const surface = declaredSurface({ commands: changes.commands ?? [] });
    return {
      declared: surface,
      approved: surface,
      pinned: { platform: "ios 18", deviceFamily: "iPhone" },
      settings: { allow: [], deny: [] },
      ...changes,
    };
  };
  const empty = declaredSurface({});

  it("DEV-9 has to be declared, approved and allowed", () => {
    const all = facts({ commands: ["location.get"] });
    expect(judge("location.get", all)).toEqual({ ok: true });
    expect(judge("location.get", { ...all, declared: empty })).toEqual({
      ok: false,
      reason: "command not declared by node",
    });
    for (const approved of [undefined, empty]) {
      expect(judge("location.get", { ...all, approved })).toEqual({ ok: false, reason: "command not approved" });
    }
    expect(judge("location.get", { ...all, settings: { allow: ["location.get"], deny: ["location.get"] } })).toEqual({
      ok: false,
      reason: "command not allowlisted",
    });
  });

  const dangerous = [
    "camera.snap",
    "camera.clip",
    "camera.ptz.control",
    "screen.record",
    "contacts.add",
    "calendar.add",
    "reminders.add",
    "sms.send",
    "sms.search",
    "health.summary",
  ];
  const platforms = ["ios", "android", "macos", "windows", "linux", "watchos", "unheard-of"];
  it.each(dangerous)("DEV-9 %s is allowed nowhere unless the configuration names it", (command) => {
    for (const platform of platforms) {
      const here = facts({ commands: [command], pinned: { platform } });
      expect(judge(command, here).ok).toBe(false);
      expect(judge(command, { ...here, settings: { allow: [command], deny: [] } }).ok).toBe(true);
    }
  });

  it("CVE-2026-41299 what a node says that it is never makes more of it than was approved", () => {
    const commands = ["system.run", "computer.act", "canvas.eval", "location.get"];
    for (const platform of platforms) {
      for (const deviceFamily of ["iPhone", "Mac", "Android", "admin", ""]) {
        const pinned = { platform, deviceFamily };
        const approved = declaredSurface({ commands: ["location.get"] });
        const now = effectiveCommands(facts({ commands, pinned, approved }));
        expect(["location.get"]).toEqual(expect.arrayContaining(now));
      }
    }
    // And one whose two words contradict each other gets the least.
    expect(effectiveCommands(facts({ commands, pinned: { platform: "macos", deviceFamily: "iPhone" } }))).toEqual([
      "location.get",
    ]);
  });

  it("DEV-9 names are taken exactly as they are", () => {
    const all = facts({ commands: ["Location.get", "location.get2", "toString", "constructor"] });
    expect(effectiveCommands(all)).toEqual([]);
    expect(judge("LOCATION.GET", all).ok).toBe(false);
  });

  it("DEV-9 push to talk needs the capability, approved", () => {
    const declared = declaredSurface({ caps: ["talk"], commands: ["talk.ptt.start"] });
    const approved = declaredSurface({ commands: ["talk.ptt.start"] });
    const pinned = { platform: "linux" };
    expect(effectiveCommands(facts({ declared, approved: declared, pinned }))).toEqual(["talk.ptt.start"]);
    expect(effectiveCommands(facts({ declared, approved, pinned }))).toEqual([]);
  });
});

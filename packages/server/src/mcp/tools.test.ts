import { readFileSync } from "node:fs";
import { ROUTES, type RouteName, type RouteSpec } from "@switchboard/protocol/rest";
import { expect, it } from "vitest";
import { TOOLS } from "./tools.ts";

type ToolName = keyof typeof TOOLS;

/** What each tool does, by the routes that do the same. */
const SAME: Readonly<Record<ToolName, readonly [RouteName, ...RouteName[]]>> = {
  conversations_list: ["conversations.list"],
  messages_list: ["conversations.messages"],
  message_send: ["messages.send", "conversations.get"],
  approvals_list: ["pairing.list"],
  approval_answer: ["pairing.approve", "pairing.dismiss"],
};
/** What a route has elsewhere: as a header, and as its last word. */
const ELSEWHERE = ["idempotencyKey", "allow"];

const tools = Object.entries(SAME) as [ToolName, readonly [RouteName, ...RouteName[]]][];

it("TEN-1 a tool asks for the scope that the REST API asks for the same", () => {
  for (const [tool, [route]] of tools) expect([tool, TOOLS[tool].scope]).toEqual([tool, ROUTES[route].scope]);
});

it("TEN-6 the arguments of a tool are called as in the REST API", () => {
  for (const [tool, routes] of tools) {
    const known = routes.flatMap((name) => {
      const route: RouteSpec = ROUTES[name];
      return [route.params, route.query, route.body].flatMap((part) =>
        part && "properties" in part ? Object.keys(part.properties as object) : [],
      );
    });
    const named = Object.keys(TOOLS[tool].params.properties);
    expect([tool, named.filter((name) => !known.includes(name) && !ELSEWHERE.includes(name))]).toEqual([tool, []]);
  }
});

it("TEN-6 the guide names every tool, its scope and its arguments", () => {
  const guide = readFileSync(new URL("../../../../docs/guides/connect-your-own-agent.md", import.meta.url), "utf8");
  const rows = guide.split("\n").filter((line) => line.startsWith("| `"));
  for (const [tool, { params, scope }] of Object.entries(TOOLS)) {
    const row = rows.find((line) => line.startsWith(`| \`${tool}\` | \`${scope}\` |`)) ?? "";
    const missing = Object.keys(params.properties).filter((name) => !row.includes(`\`${name}\``));
    expect([tool, row === "", missing]).toEqual([tool, false, []]);
  }
});

import { ROUTES, type RouteName } from "@switchboard/protocol/rest";
import { expect, it } from "vitest";
import { TOOLS } from "./tools.ts";

/** What each tool does, by the route that does the same. */
const SAME: Readonly<Record<keyof typeof TOOLS, RouteName>> = {
  conversations_list: "conversations.list",
  messages_list: "conversations.messages",
  message_send: "messages.send",
  approvals_list: "pairing.list",
  approval_answer: "pairing.approve",
};

it("TEN-1 a tool asks for the scope that the REST API asks for the same", () => {
  for (const [tool, route] of Object.entries(SAME)) {
    expect([tool, TOOLS[tool as keyof typeof TOOLS].scope]).toEqual([tool, ROUTES[route].scope]);
  }
});

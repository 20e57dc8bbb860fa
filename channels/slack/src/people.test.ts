import { expect, it } from "vitest";
import { messageSender } from "./people.ts";

it("MSG-2 CH-2 Slackbot is a bot, though Slack describes it as a person", () => {
  expect(messageSender({ user: "USLACKBOT", text: "Reminder" }, {}, undefined)).toMatchObject({ isBot: true });
  expect(messageSender({ user: "U0123ABCD", text: "hi" }, {}, undefined)?.isBot).toBeUndefined();
});

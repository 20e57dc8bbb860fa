/** The pane by keyboard, on small screens, and while much is going on. */
import { onStage, PATIENT } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { testBot } from "../testing/client.ts";

onStage("CH-1 the chat pane for everyone", testBot, (stage) => {
  it("CH-1 completes commands and is driven by the keyboard alone", async () => {
    await stage.bot.result("setMyCommands", { commands: [{ command: "status", description: "How it goes" }] });
    const { chat_id } = await stage.bot.chat();
    await stage.bot.result("sendMessage", { chat_id, text: "look at me" });
    await stage.open();
    await stage.bubble("look at me").waitFor();
    await stage.input().focus();
    await stage.page.keyboard.type("/s");
    await stage.page.getByRole("option", { name: "/status How it goes" }).waitFor();
    await stage.page.keyboard.press("Enter");
    expect(await stage.input().inputValue()).toBe("/status ");
    await stage.page.keyboard.press("Enter");
    await stage.bubble("/status").waitFor();
    expect((await stage.bot.updates()).at(-1)?.message).toMatchObject({
      text: "/status",
      entities: [{ type: "bot_command" }],
    });
    await stage.page.locator(".messages").focus();
    await stage.page.keyboard.press("ArrowUp");
    await stage.page.keyboard.press("ArrowUp");
    expect(await stage.page.evaluate("document.activeElement.getAttribute('aria-label')")).toContain("look at me");
    await stage.page.keyboard.press("Enter");
    await stage.page.getByRole("menuitem", { name: "Reply" }).waitFor();
    await stage.page.keyboard.press("Escape");
    await stage.page.getByRole("menu").waitFor({ state: "detached" });
  });

  it("CH-1 fits a phone, and goes back to the list", async () => {
    await stage.bot.chat();
    await stage.page.setViewportSize({ width: 375, height: 640 });
    await stage.open();
    expect(await stage.page.locator(".conversation").isVisible()).toBe(false);
    await stage.page.locator(".chat-row").click();
    await stage.bubble("/start").waitFor();
    expect(await stage.page.locator(".side").isVisible()).toBe(false);
    expect(await stage.page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    await stage.page.getByRole("button", { name: "Back to the chats" }).click();
    await stage.page.locator(".chat-row").waitFor();
  });

  it("CH-1 shows the chats as a rail beside the open chat where there is little room", async () => {
    const { conversation } = await stage.bot.simulator.createGroup({ title: "Team", people: ["Ada", "Bob"] });
    await stage.page.setViewportSize({ width: 560, height: 640 });
    await stage.open();
    // Nobody has said anything yet: the chat with the bot, which offers to start.
    await stage.page.getByRole("button", { name: "Start", exact: true }).waitFor();
    await stage.bot.simulator.say({ from: "Bob", conversation, text: "over here" });
    const team = stage.page.getByRole("button", { name: "Team" });
    await team.getByLabel("1 unread").waitFor();
    await team.click();
    await stage.bubble("over here").waitFor();
    const widths = await stage.page.evaluate(
      "[document.documentElement.scrollWidth, document.querySelector('.side').clientWidth]",
    );
    expect(widths).toEqual([560, 75]);
    await stage.page.reload();
    await stage.bubble("over here").waitFor();
  });

  it("CH-1 loses no press although messages come between press and release", async () => {
    const { conversation, threads } = await stage.bot.simulator.createGroup({
      title: "Forum",
      people: ["Ada", "Bob"],
      threads: ["Ideas", "Support"],
    });
    await stage.bot.chat();
    await stage.open();
    const press = async (name: string, at: ReturnType<typeof stage.row>) => {
      const box = await at.boundingBox();
      if (!box) throw new Error(`${name} is not there.`);
      await stage.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await stage.page.mouse.down();
      const thread = threads[1];
      await stage.bot.simulator.say({ from: "Bob", conversation, text: name, ...(thread && { thread }) });
      await stage.row("Forum").filter({ hasText: name }).waitFor();
      await stage.page.mouse.up();
    };
    await stage.row("Forum").waitFor();
    await press("first", stage.row("Forum"));
    await stage.page.getByRole("tab", { name: "Ideas" }).waitFor();
    await press("second", stage.page.getByRole("tab", { name: "Ideas" }));
    await stage.page.getByRole("tab", { name: "Ideas", selected: true }).waitFor();
    await stage.page.getByRole("tab", { name: "Support" }).getByLabel("2 unread").waitFor();
  });

  it("CH-1 goes through topics by arrow keys and says which suggestion is chosen", async () => {
    await stage.bot.simulator.createGroup({ title: "Forum", people: ["Ada"], threads: ["Ideas", "Support"] });
    const commands = Array.from({ length: 9 }, (_, index) => ({
      command: `do_${index}`,
      description: `Thing ${index}`,
    }));
    await stage.bot.result("setMyCommands", { commands });
    await stage.open();
    await stage.row("Forum").click();
    await stage.page.getByRole("tab", { name: "General" }).focus();
    await stage.page.keyboard.press("ArrowRight");
    await stage.page.getByRole("tab", { name: "Ideas", selected: true }).waitFor();
    await stage.page.keyboard.press("ArrowLeft");
    await stage.page.getByRole("tab", { name: "General", selected: true }).waitFor();
    await stage.input().fill("/");
    // The last of many is reached and seen, too.
    await stage.page.keyboard.press("ArrowUp");
    const list = stage.page.getByRole("listbox", { name: "Suggestions" });
    const chosen = list.getByRole("option", { selected: true });
    expect(await chosen.textContent()).toBe("/do_8Thing 8");
    expect(await stage.input().getAttribute("aria-activedescendant")).toBe(await chosen.getAttribute("id"));
    const isSeen = () =>
      chosen.evaluate((option) => {
        const element = option as unknown as {
          offsetTop: number;
          offsetHeight: number;
          parentElement: { scrollTop: number; clientHeight: number };
        };
        const { scrollTop, clientHeight } = element.parentElement;
        return element.offsetTop >= scrollTop && element.offsetTop + element.offsetHeight <= scrollTop + clientHeight;
      });
    await expect.poll(isSeen, PATIENT).toBe(true);
    await stage.page.keyboard.press("Escape");
    expect(await stage.input().getAttribute("aria-activedescendant")).toBeNull();
  });
});

/** WebChat as a person sees it, for tests. */
import { randomUUID } from "node:crypto";
import type { FrameLocator, Locator, Page } from "playwright-core";

export class Webchat {
  readonly page: Page;
  readonly #root: Page | FrameLocator;

  constructor(page: Page, root: Page | FrameLocator = page) {
    this.page = page;
    this.#root = root;
  }

  /** Opens the page with the token in its fragment, and waits until it is connected. */
  static async open(page: Page, url: string, token: string): Promise<Webchat> {
    await page.goto(`${url}/chat#token=${token}`);
    const webchat = new Webchat(page);
    await webchat.connected();
    return webchat;
  }

  /** A conversation nobody else of this file writes in. */
  static async begin(page: Page, url: string, token: string): Promise<Webchat> {
    const webchat = await Webchat.open(page, url, token);
    await page.evaluate((key) => {
      location.hash = `session=${encodeURIComponent(key)}`;
    }, `agent:main:webchat:default:direct:${randomUUID()}`);
    await webchat.title.filter({ hasText: "New conversation" }).waitFor();
    return webchat;
  }

  async connected(): Promise<void> {
    await this.#root.locator('[data-line="connected"]').waitFor();
  }

  get field(): Locator {
    return this.#root.getByRole("textbox", { name: "Message" });
  }

  get title(): Locator {
    return this.#root.locator(".conversation-head h1");
  }

  get log(): Locator {
    return this.#root.getByRole("region", { name: "Messages" });
  }

  /** What people wrote, however far it got. */
  get said(): Locator {
    return this.log.locator(".message.user");
  }

  get answers(): Locator {
    return this.log.locator(".message.assistant");
  }

  /** The answer that is being written. */
  get live(): Locator {
    return this.log.locator(".message.live");
  }

  get outgoing(): Locator {
    return this.log.locator(".outgoing");
  }

  /** An answer that stands in the transcript. */
  answer(text: string | RegExp): Locator {
    return this.log.locator(".message.assistant:not(.live)").filter({ hasText: text });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    // Works on phones too, where Enter makes a line.
    await this.#root.getByRole("button", { name: "Send" }).click();
  }

  /** Says something and waits until the answer stands in the transcript, with nothing left to wait for. */
  async ask(text: string, answer: string | RegExp = text): Promise<void> {
    await this.say(text);
    await this.answer(answer).last().waitFor();
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.live.waitFor({ state: "detached" });
    await this.outgoing.first().waitFor({ state: "detached" });
  }
}

/** All the text of an element. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? "";
}

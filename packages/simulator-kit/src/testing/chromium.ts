/** A pane in a real browser. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const EXECUTABLE = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const HOW = "Chromium is missing; apt-get install -y chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** For `expect.poll`, whose own patience is a second: these machines are busy. */
export const PATIENT = { timeout: 15_000 } as const;

/** What a test of a pane needs of its simulator. */
export interface OnStage {
  readonly simulator: { readonly pane: string; close(): Promise<void> };
}

/** A suite that needs a browser, with a subject of its own for every test. A test fails when its page complained about anything. */
export function onStage<Subject extends OnStage>(
  name: string,
  make: () => Promise<Subject>,
  suite: (stage: Stage<Subject>) => void,
): void {
  if (!existsSync(EXECUTABLE)) {
    it(name, (context) => {
      if (process.env.REQUIRE_SERVICES === "1") throw new Error(HOW);
      process.stderr.write(`SKIPPED ${name}: ${HOW}\n`);
      context.skip(HOW);
    });
    return;
  }
  describe(name, { timeout: 60_000 }, () => {
    const stage = new Stage(make);
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
    });
    afterAll(() => browser?.close());
    beforeEach(() => stage.set(browser));
    afterEach(() => stage.clear());
    suite(stage);
  });
}

export class Stage<Subject extends OnStage> {
  readonly #make: () => Promise<Subject>;
  bot!: Subject;
  page!: Page;
  /** What the page said was wrong; a test that provokes something takes it out. */
  complaints: string[] = [];

  constructor(make: () => Promise<Subject>) {
    this.#make = make;
  }

  async set(browser: Browser): Promise<void> {
    this.bot = await this.#make();
    this.complaints = [];
    this.page = await browser.newPage({ viewport: { width: 900, height: 640 } });
    this.page.setDefaultTimeout(20_000);
    this.page.on("pageerror", (error) => this.complaints.push(error.message));
    this.page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  async clear(): Promise<void> {
    await this.page.close();
    await this.bot.simulator.close();
    expect(this.complaints).toEqual([]);
  }

  /** Opens the pane as somebody; resolves when that person's chats are there. */
  async open(person = "Ada"): Promise<void> {
    await this.page.goto(`${this.bot.simulator.pane}?person=${person}`);
    await this.page.locator(".chat-row").first().waitFor();
  }

  input(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  bubble(text: string): Locator {
    return this.page.locator(".message", { hasText: text });
  }

  row(text: string): Locator {
    return this.page.locator(".chat-row", { hasText: text });
  }
}

/** Tests in a real browser. Where there is none they say so, or fail where one is required. */
import { existsSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { describe, it } from "vitest";
import { EXECUTABLE } from "./browser.ts";

export { launch } from "./browser.ts";

const HOW = "Chromium is missing; apt-get install -y chromium";
/** For `expect.poll`, whose own patience is a second: these machines are busy. */
export const PATIENT = { timeout: 15_000 } as const;

/** A suite that needs a browser. */
export function inChromium(name: string, suite: () => void): void {
  if (existsSync(EXECUTABLE)) {
    describe(name, { timeout: 60_000 }, suite);
    return;
  }
  it(name, (context) => {
    if (process.env.REQUIRE_SERVICES === "1") throw new Error(HOW);
    process.stderr.write(`SKIPPED ${name}: ${HOW}\n`);
    context.skip(HOW);
  });
}

/** What a page complained about: exceptions, errors on its console, things its policy kept it from. */
export type Complaints = string[];

export interface Visit extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: Complaints;
}

/** A browser profile of its own with one page. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints = listenTo(page);
  return { context, page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

export function listenTo(page: Page): Complaints {
  const complaints: Complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A line that breaks is what some tests are about; the browser notes each one.
    if (message.type() === "error" && !/ERR_CONNECTION|WebSocket connection/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return complaints;
}

/** Rules about source files. */
import { basename } from "node:path";
import { isTest, type Rule, sources } from "./rule.ts";

const MAX_LINES = 500;

export const shortFiles: Rule = {
  id: "short-files",
  what: `No file is longer than ${MAX_LINES} lines.`,
  why: "A file is about one thing; one that long is about several.",
  fix: "Split it by meaning.",
  check: (checkout) =>
    checkout.files
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => ({ file, lines: checkout.read(file).split("\n").length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ file, lines }) => `${file}: ${lines} lines`),
};

export const kebabCase: Rule = {
  id: "kebab-case",
  what: "File names are kebab-case.",
  why: "Some file systems tell capitals apart and some do not.",
  fix: "Rename the file.",
  check: ({ files }) =>
    files
      .filter((file) => /\.tsx?$/.test(file) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/.test(basename(file)))
      .map((file) => `${file}: not kebab-case`),
};

export const noEscapes: Rule = {
  id: "no-escapes",
  what: "No `any`, no suppressed type errors, no notes of unfinished work in sources.",
  why: "Each hides a question that the next reader has to answer.",
  fix: "Use `unknown` and narrow it; finish the work or write an issue.",
  check: (checkout) =>
    checkout.files
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("tools/doctor/"))
      .flatMap((file) =>
        checkout
          .read(file)
          .split("\n")
          .map((line, index) => ({ line, number: index + 1 }))
          .filter(({ line }) => !/^\s*(\/\/|\/?\*)/.test(line) || /@ts-|TODO|FIXME/.test(line))
          .filter(({ line }) =>
            /\bas any\b|: any\b|<any>|@ts-(ignore|expect-error|nocheck)|\b(TODO|FIXME|XXX)\b/.test(line),
          )
          .map(({ number }) => `${file}:${number}`),
      ),
};

/** Folders whose code must work for a platform that nobody has heard of yet. */
const SHARED = /^packages\/(domain|protocol|core|store|cluster|agents|server|client)\/src\//;

export const noPlatformNames: Rule = {
  id: "no-platform-names",
  what: "Shared code names no platform.",
  why: "A difference between platforms is a capability; an `if` on a name breaks with the next channel.",
  fix: "Declare the difference in the channel's capabilities, or move the code into the channel.",
  check(checkout) {
    const channels = checkout.packages
      .filter(({ directory }) => directory.startsWith("channels/"))
      .map(({ directory }) => directory.split("/")[1] ?? "");
    const names = new Set([
      ...channels,
      "telegram",
      "slack",
      "discord",
      "whatsapp",
      "twilio",
      "signal-cli",
      "bluebubbles",
      "imessage",
    ]);
    const pattern = new RegExp(`\\b(${[...names].join("|")})\\b`, "i");
    return sources(checkout)
      .filter((file) => SHARED.test(file))
      .flatMap((file) =>
        checkout
          .read(file)
          .split("\n")
          .map((line, index) => ({ line, number: index + 1 }))
          .filter(({ line }) => pattern.test(line) && !/^\s*(\/\/|\/?\*)/.test(line))
          .map(({ number }) => `${file}:${number}`),
      );
  },
};

export const namedExports: Rule = {
  id: "named-exports",
  what: "Only a channel's index has a default export.",
  why: "A name that is the same everywhere can be searched for.",
  fix: "Export it by name.",
  check: (checkout) =>
    sources(checkout)
      .filter(
        (file) =>
          /^(packages|channels)\//.test(file) &&
          !/^(channels\/[^/]+\/src|packages\/testkit\/src\/steps)\/index\.ts$/.test(file),
      )
      .filter((file) => !/config\.ts$/.test(basename(file)) && /^export default /m.test(checkout.read(file)))
      .map((file) => `${file}: default export`),
};

export const honestTests: Rule = {
  id: "honest-tests",
  what: "Tests assert something and none is focused, skipped or postponed without a reason.",
  why: "A test that cannot fail is worse than none.",
  fix: "Assert on what a user would see; name the reason where a suite cannot run.",
  check: (checkout) =>
    checkout.files.filter(isTest).flatMap((file) => {
      const text = checkout.read(file);
      const problems: string[] = [];
      if (file.endsWith(".test.ts") && !/\b(expect|assert|expectTypeOf)\b|Contract\(/.test(text))
        problems.push(`${file}: asserts nothing`);
      if (/\b(it|test|describe)\.(only|todo)\b/.test(text)) problems.push(`${file}: focused or postponed`);
      if (/\b(it|test|describe)\.skip\(/.test(text)) problems.push(`${file}: skipped without a condition and reason`);
      return problems;
    }),
};

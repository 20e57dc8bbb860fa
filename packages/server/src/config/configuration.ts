/**
 * The configuration file of a running gateway: read without its secrets, changed as a whole. A change is checked, then
 * written, then applied as far as that works without a restart. It never touches inbox, sessions or outbox (oc#83017).
 */
import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  completionProblems,
  isDeeperThan,
  MAX_JSON_DEPTH,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import { Config, type Result } from "@switchboard/protocol";
import parser from "secure-json-parse";
import { canonical } from "../canonical.ts";
import { configText, writeConfigFile } from "./config-file.ts";
import { differences, reloadKindOf, withLiveParts } from "./differences.ts";
import { mergePatch } from "./merge-patch.ts";
import { redactSecrets, restoreSecrets, type SecretsOf } from "./redact.ts";
import { withReferences } from "./references.ts";
import { type Settings, settingsOf } from "./settings.ts";

export type Snapshot = Result<"config.get">;
export type Change = Result<"config.set">;
export type Issue = Snapshot["issues"][number];

type Content = Record<string, unknown>;

export interface ConfigurationOptions {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Makes hashes that tell nothing of what is hashed. */
  readonly key: Buffer;
  /** What channels declare as secret, and whether their accounts are well described. */
  readonly channels: ConfiguredChannels;
  /** Puts the live parts in force. */
  apply(settings: Settings): Promise<void>;
  /** The file was changed. */
  changed(file: { readonly path: string; readonly hash: string }): void;
}

export interface ConfiguredChannels {
  secretsOf(config: Content): Promise<SecretsOf>;
  /** @throws CFG_001, CFG_002 for accounts that are not the same in `before`. */
  check(after: Config, before: Config): Promise<void>;
}

/** Whole text and object of a file that may not be there. */
interface Found {
  readonly text: string | undefined;
  readonly content: Content | undefined;
}

export class Configuration {
  readonly #options: ConfigurationOptions;
  /** What counts; the parts that need a restart as they were at the start. */
  #inForce: Config;
  /** The revision that is wholly in force. */
  #applied: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ConfigurationOptions) {
    this.#options = options;
    this.#inForce = options.settings.config;
    this.#applied = this.#revision(this.#read().content ?? {});
  }

  get path(): string {
    return this.#options.settings.configPath;
  }

  /** Whether a gateway could start from the file as it is now. @throws CFG_001. */
  check(): void {
    this.#settingsOf(this.#require(this.#read()));
  }

  /** Without its path, which is not for everybody. */
  async snapshot(): Promise<Omit<Snapshot, "path">> {
    const { text, content } = this.#read();
    const issues = content ? this.issuesOf(content) : [notJson(text ?? "")];
    const parsed = content ?? {};
    const config = issues.length === 0 ? this.#settingsOf(parsed).config : this.#inForce;
    const secretsOf = await this.#options.channels.secretsOf({
      channels: { ...objectAt(parsed, "channels"), ...config.channels },
    });
    const hidden = redactSecrets(parsed, secretsOf) as Content;
    return {
      exists: text !== undefined,
      valid: issues.length === 0,
      ...(content && { raw: configText(hidden) }),
      parsed: hidden,
      config: redactSecrets(withReferences(config, parsed), secretsOf) as Content,
      issues,
      hash: this.#hash(text),
      configRevisionHash: this.#revision(parsed),
      appliedConfigHash: this.#applied,
    };
  }

  /** What is wrong with a file of that content, line by line; never a value of it. */
  issuesOf(content: Content): Issue[] {
    try {
      this.#settingsOf(content);
      return [];
    } catch (thrown) {
      const lines = completionProblems(Config, content, 50).map(toIssue);
      return lines.length > 0 ? lines : [{ path: "", message: toSwitchboardError(thrown).message }];
    }
  }

  /**
   * Writes and applies what `edit` makes of the file's content. One change at a time.
   * @throws REQ_004 when the file is not what `baseHash` says, REQ_001, CFG_001, CFG_002, STORE_*; nothing is written then.
   */
  replace(raw: string, baseHash: string | undefined): Promise<Change> {
    return this.#alone(() => this.#change(() => contentOf(raw), baseHash));
  }

  patch(raw: string, baseHash: string | undefined, replacePaths: readonly string[] | undefined): Promise<Change> {
    return this.#alone(() => this.#change((before) => mergePatch(before, contentOf(raw), replacePaths), baseHash));
  }

  async #change(edit: (before: Content) => Content, baseHash: string | undefined): Promise<Change> {
    const { channels } = this.#options;
    const found = this.#read();
    this.#requireBase(found, baseHash);
    const before = this.#require(found);
    const after = restoreSecrets(edit(before), before, this.#inForce) as Content;
    const settings = this.#settingsOf(after);
    await channels.check(settings.config, this.#inForce);
    const noop = this.#revision(after) === this.#revision(before) && found.text !== undefined;
    if (!noop) writeConfigFile(this.path, after);
    const applied = differences(this.#inForce, settings.config).filter((path) => reloadKindOf(path) === "hot");
    if (applied.length > 0) await this.#options.apply(settings);
    this.#inForce = withLiveParts(this.#inForce, settings.config);
    const paths = differences(this.#inForce, settings.config).filter((path) => reloadKindOf(path) === "restart");
    if (paths.length === 0) this.#applied = this.#revision(after);
    const hash = this.#hash(noop ? found.text : configText(after));
    if (!noop) this.#options.changed({ path: basename(this.path), hash });
    return {
      ok: true,
      config: redactSecrets(after, await channels.secretsOf(after)) as Content,
      hash,
      configRevisionHash: this.#revision(after),
      ...(noop && { noop: true }),
      applied,
      restart: { required: paths.length > 0, paths },
    };
  }

  /** Who does not say what they saw might undo what they did not see. */
  #requireBase({ text }: Found, baseHash: string | undefined): void {
    if (baseHash === this.#hash(text) || (text === undefined && baseHash === undefined)) return;
    const message =
      baseHash === undefined
        ? "The configuration exists: baseHash has to say which state of it this changes."
        : "The configuration was changed meanwhile: baseHash is not its hash any more.";
    throw new SwitchboardError("REQ_004", message, { action: "Read it with config.get and decide again." });
  }

  #read(): Found {
    const text = existsSync(this.path) ? readFileSync(this.path, "utf8") : undefined;
    if (text === undefined) return { text, content: {} };
    try {
      return { text, content: contentOf(text) };
    } catch {
      return { text, content: undefined };
    }
  }

  #require({ content, text }: Found): Content {
    if (content) return content;
    throw new SwitchboardError("CFG_001", `The configuration file is ${notJson(text ?? "").message}.`);
  }

  #settingsOf(content: Content): Settings {
    return settingsOf(content, "the configuration file", this.#options.env);
  }

  #hash(text: string | undefined): string {
    return this.#keyed(text === undefined ? "none" : `file ${text}`);
  }

  #revision(content: Content): string {
    return this.#keyed(`content ${canonical(content)}`);
  }

  #keyed(text: string): string {
    return createHmac("sha256", this.#options.key).update(text).digest("hex");
  }

  #alone<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(change, change);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

function objectAt(content: Content, name: string): object {
  const found = content[name];
  return typeof found === "object" && found !== null ? found : {};
}

/** The object in a configuration's text. @throws REQ_001, without a word of the text. */
export function contentOf(text: string): Content {
  if (isDeeperThan(Buffer.from(text), MAX_JSON_DEPTH)) {
    throw new SwitchboardError("REQ_001", `The configuration is nested more than ${MAX_JSON_DEPTH} levels deep.`);
  }
  let value: unknown;
  try {
    value = parser.parse(text, null, { protoAction: "error", constructorAction: "error" });
  } catch {
    throw new SwitchboardError("REQ_001", `The configuration is ${notJson(text).message}.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Content;
  throw new SwitchboardError("REQ_001", "The configuration must be a JSON object.");
}

/** Where it breaks off, and nothing of what stands there: that may be a secret. */
function notJson(text: string): Issue {
  try {
    JSON.parse(text);
  } catch (error) {
    const [, at] = /at position (\d+)/.exec(String(error)) ?? [];
    const line = at === undefined ? undefined : text.slice(0, Number(at)).split("\n").length;
    return { path: "", message: `not valid JSON${line === undefined ? "" : ` (line ${line})`}` };
  }
  return { path: "", message: "no JSON object, or one with forbidden names" };
}

function toIssue(line: string): Issue {
  const colon = line.indexOf(": ");
  return colon < 0 ? { path: "", message: line } : { path: line.slice(0, colon), message: line.slice(colon + 2) };
}

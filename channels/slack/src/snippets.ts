/** Long code as a file that Slack shows folded, instead of message after message. Pure. */
import type { Code, Root, RootContent } from "mdast";
import { clean } from "./inline.ts";
import { MESSAGE } from "./limits.ts";
import type { SnippetPayload } from "./payload.ts";

/** What Slack can colour, by what people write behind the fence; from its reference of file types. */
const syntaxes: Readonly<Record<string, readonly [type: string, ending: string]>> = {
  bash: ["shell", "sh"],
  c: ["c", "c"],
  cpp: ["cpp", "cpp"],
  cs: ["csharp", "cs"],
  csharp: ["csharp", "cs"],
  css: ["css", "css"],
  csv: ["csv", "csv"],
  diff: ["diff", "diff"],
  dockerfile: ["dockerfile", "dockerfile"],
  go: ["go", "go"],
  html: ["html", "html"],
  java: ["java", "java"],
  javascript: ["javascript", "js"],
  js: ["javascript", "js"],
  json: ["json", "json"],
  kotlin: ["kotlin", "kt"],
  lua: ["lua", "lua"],
  markdown: ["markdown", "md"],
  md: ["markdown", "md"],
  perl: ["perl", "pl"],
  php: ["php", "php"],
  py: ["python", "py"],
  python: ["python", "py"],
  r: ["r", "r"],
  rb: ["ruby", "rb"],
  ruby: ["ruby", "rb"],
  rust: ["rust", "rs"],
  scala: ["scala", "scala"],
  sh: ["shell", "sh"],
  shell: ["shell", "sh"],
  sql: ["sql", "sql"],
  swift: ["swift", "swift"],
  xml: ["xml", "xml"],
  yaml: ["yaml", "yaml"],
  yml: ["yaml", "yml"],
};

/** The document in order: what is text, and code that is more than fits into one message. */
export function withoutLongCode(root: Root): readonly (Root | SnippetPayload)[] {
  const found: (Root | SnippetPayload)[] = [];
  let text: RootContent[] = [];
  const endText = () => {
    if (text.length > 0) found.push({ type: "root", children: text });
    text = [];
  };
  for (const node of root.children) {
    if (node.type !== "code" || node.value.length <= MESSAGE) {
      text.push(node);
      continue;
    }
    endText();
    found.push(snippet(node));
  }
  endText();
  return found;
}

function snippet({ lang, value }: Code): SnippetPayload {
  const name = lang?.toLowerCase() ?? "";
  const known = Object.hasOwn(syntaxes, name) ? syntaxes[name] : undefined;
  const [syntax, ending] = known ?? ["text", "txt"];
  return { type: "snippet", text: clean(value), fileName: `output.${ending}`, syntax };
}

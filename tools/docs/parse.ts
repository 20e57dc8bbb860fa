/** Parses sources with tree-sitter's grammars: `parse.ts <language> <file>…` prints what the grammar cannot read. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";

const require = createRequire(import.meta.url);

function* broken(node: Node): Generator<Node> {
  if (!node.hasError && !node.isMissing) return;
  if (node.isError || node.isMissing) yield node;
  for (const child of node.children) if (child) yield* broken(child);
}

const [language, ...files] = process.argv.slice(2);
await Parser.init();
const parser = new Parser();
const grammars = join(dirname(require.resolve("tree-sitter-wasms/package.json")), "out");
parser.setLanguage(await Language.load(join(grammars, `tree-sitter-${language}.wasm`)));
for (const file of files) {
  const tree = parser.parse(readFileSync(file, "utf8"));
  if (!tree) throw new Error(`${file}: not read`);
  for (const { isMissing, type, startPosition } of broken(tree.rootNode)) {
    process.stdout.write(`${file}:${startPosition.row + 1}: ${isMissing ? `no ${type}` : "not understood"}\n`);
    process.exitCode = 1;
  }
  process.stdout.write(`${file}: ${tree.rootNode.namedChildCount} declarations\n`);
}

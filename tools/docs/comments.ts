/**
 * What the comments in the schemas' sources say. `/** … *\/` above a property, a definition or a method is its
 * description, for the reader of the code and of every generated document alike: nobody writes it twice.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

/** The comments of a schema and of what is inside it. */
export interface Comments {
  readonly text?: string;
  /** By property, method or event. */
  readonly properties: ReadonlyMap<string, Comments>;
  /** Of a union, in order. */
  readonly variants: readonly Comments[];
}

/** The comments of a file's constant. */
export type CommentsOf = (file: string, name: string) => Comments | undefined;

interface Source {
  readonly text: string;
  readonly constants: ReadonlyMap<string, { readonly comment: string | undefined; readonly value: ts.Expression }>;
  /** Local name to file and name there. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
}

const NOTHING: Comments = { properties: new Map(), variants: [] };

/** Names like `Text` and `Count` say what they are by themselves: their comments are for whoever writes schemas. */
const BUILDING_BLOCKS = /[/\\]schema\.ts$/;

/** Reads every source file below `directory`. */
export function readComments(directory: string): CommentsOf {
  const sources = new Map(sourceFiles(directory).map((file) => [file, readSource(file)]));

  function constant(file: string, name: string): Comments | undefined {
    const source = sources.get(file);
    const found = source?.constants.get(name);
    if (source === undefined || found === undefined) {
      const from = source?.imports.get(name);
      return from && constant(from.file, from.name);
    }
    const inside = expression(found.value, file, source);
    const text = BUILDING_BLOCKS.test(file) ? undefined : (found.comment ?? inside.text);
    return withText(inside, text);
  }

  function expression(node: ts.Expression, file: string, source: Source): Comments {
    if (ts.isIdentifier(node)) return constant(file, node.text) ?? NOTHING;
    if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
      return expression(node.expression, file, source);
    if (ts.isCallExpression(node)) {
      const inside = node.arguments.map((each) => expression(each, file, source)).reduce(merged, NOTHING);
      return isCollection(node.expression) ? withText(inside, undefined) : inside;
    }
    if (ts.isArrayLiteralExpression(node)) {
      const variants = node.elements.map((each) =>
        withComment(expression(each, file, source), commentBefore(each, source.text)),
      );
      return { properties: new Map(), variants };
    }
    if (ts.isObjectLiteralExpression(node)) return object(node, file, source);
    return NOTHING;
  }

  function object(node: ts.ObjectLiteralExpression, file: string, source: Source): Comments {
    const properties = new Map<string, Comments>();
    for (const each of node.properties) {
      if (ts.isSpreadAssignment(each)) {
        for (const [name, comments] of expression(each.expression, file, source).properties)
          properties.set(name, comments);
      } else if (ts.isPropertyAssignment(each) && (ts.isIdentifier(each.name) || ts.isStringLiteral(each.name))) {
        const inside = expression(each.initializer, file, source);
        properties.set(each.name.text, withComment(inside, commentBefore(each, source.text)));
      } else if (ts.isShorthandPropertyAssignment(each)) {
        properties.set(each.name.text, constant(file, each.name.text) ?? NOTHING);
      }
    }
    return { properties, variants: [] };
  }

  return constant;
}

/** Every source file of `directory` that is no test. */
export function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join(directory, file))
    .sort();
}

function readSource(file: string): Source {
  const text = readFileSync(file, "utf8");
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const constants = new Map<string, { comment: string | undefined; value: ts.Expression }>();
  const imports = new Map<string, { file: string; name: string }>();
  for (const statement of parsed.statements) {
    if (ts.isVariableStatement(statement)) {
      const comment = commentBefore(statement, text);
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer) constants.set(name.text, { comment, value: initializer });
    } else if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const bindings = statement.importClause?.namedBindings;
      if (!bindings || !ts.isNamedImports(bindings) || !statement.moduleSpecifier.text.startsWith(".")) continue;
      const target = resolve(dirname(file), statement.moduleSpecifier.text);
      for (const { name, propertyName } of bindings.elements)
        imports.set(name.text, { file: target, name: (propertyName ?? name).text });
    }
  }
  return { text, constants, imports };
}

/** The last documentation comment before a node, as one line of text. */
function commentBefore(node: ts.Node, text: string): string | undefined {
  const comments = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const last = comments.map(({ pos, end }) => text.slice(pos, end)).findLast((comment) => comment.startsWith("/**"));
  return last
    ?.slice("/**".length, -"*/".length)
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join(" ")
    .trim();
}

/** What is said of a thing is not said of a list or map of them. */
function isCollection(callee: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(callee) && /^(Array|Record)$/.test(callee.name.text);
}

function withText({ properties, variants }: Comments, text: string | undefined): Comments {
  return { ...(text && { text }), properties, variants };
}

/** A comment at the place of use says more about it than one at the definition. */
function withComment(comments: Comments, comment: string | undefined): Comments {
  return comment ? withText(comments, comment) : comments;
}

function merged(one: Comments, other: Comments): Comments {
  return withText(
    {
      properties: new Map([...one.properties, ...other.properties]),
      variants: [...one.variants, ...other.variants],
    },
    one.text ?? other.text,
  );
}

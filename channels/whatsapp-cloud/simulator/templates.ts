/**
 * Message templates: what a business has had approved, and what is sent by it.
 * https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
 */
import { problemsOf } from "@switchboard/domain";
import type { Static } from "@switchboard/domain/schema";
import { invalid, refusal } from "./api/refusal.ts";
import { Create, type Template } from "./template.ts";
import { addTemplate, type Message, type World } from "./world.ts";

/** Looked at and approved on the spot; the answer says, as Meta's does, that this takes a while. */
export function createTemplate(world: World, body: unknown) {
  const [problem] = problemsOf(Create, body);
  if (problem !== undefined) throw invalid(problem);
  const { category, components, language, name } = body as Static<typeof Create>;
  if (find(world, name, language)) {
    throw invalid("There is already content in this language for this template.");
  }
  const text = componentOf(components, "BODY")?.text;
  if (text === undefined && category !== "AUTHENTICATION") throw invalid("components: a BODY with a text is missing");
  const [numbers, examples] = [variables(text ?? ""), componentOf(components, "BODY")?.example?.body_text];
  if (numbers.some((number, index) => number !== index + 1)) throw invalid("Variables must be {{1}}, {{2}} and so on");
  const [first] = Array.isArray(examples) ? examples : [];
  if (numbers.length > 0 && (!Array.isArray(first) || first.length !== numbers.length)) {
    throw invalid("components: the BODY lacks an example for each of its variables");
  }
  const { id, status } = addTemplate(world, { name, language, category, components, status: "APPROVED" });
  return { id, status: status === "APPROVED" ? "PENDING" : status, category };
}

export function listTemplates({ templates }: World, query: URLSearchParams) {
  const name = query.get("name");
  const limit = Math.min(Math.max(Number(query.get("limit") ?? 25) || 25, 1), 100);
  const from = Number(Buffer.from(query.get("after") ?? "", "base64").toString() || 0);
  const all = [...templates.values()].filter((template) => name === null || template.name.includes(name));
  const data = all.slice(from, from + limit);
  const cursor = (at: number) => Buffer.from(String(at)).toString("base64");
  if (data.length === 0) return { data };
  const next = from + limit < all.length;
  const cursors = { before: cursor(from), after: cursor(from + limit) };
  return { data, paging: { cursors, ...(next && { next: "https://graph.facebook.com/next" }) } };
}

/** All languages of a name, as Meta does. */
export function deleteTemplates(world: World, name: string | null) {
  const gone = [...world.templates.values()].filter((template) => template.name === name);
  if (gone.length === 0) throw invalid("Message template not found");
  for (const { id } of gone) {
    world.templates.delete(id);
    world.journal.drop("template", id);
  }
  return { success: true };
}

interface Sent {
  readonly name: string;
  readonly language: { readonly code: string };
  readonly components?: readonly {
    readonly type: string;
    readonly index?: string | number;
    readonly parameters?: readonly { readonly text?: string; readonly payload?: string }[];
  }[];
}

/** @throws a refusal with 132001 for a template that there is not, 132000 for another number of parameters. */
export function checkTemplate(world: World, content: Message["content"]): void {
  const { language, name } = content as unknown as Sent;
  const template = find(world, name, language.code);
  if (!template) {
    const details = `template name (${name}) does not exist in ${language.code}`;
    throw refusal(404, 132001, "Template name does not exist in the translation", details);
  }
  for (const part of ["header", "body"] as const) {
    const expected = variables(componentOf(template.components, part)?.text ?? "").length;
    const given = parametersOf(content, part).length;
    if (given === expected || (part === "header" && expected === 0)) continue;
    const details = `${part}: number of localizable_params (${given}) does not match the expected number of params (${expected})`;
    throw refusal(400, 132000, "Number of parameters does not match the expected number of params", details);
  }
  if (parametersOf(content, "body").some(({ text = "" }) => /[\n\t]| {5}/.test(text))) {
    const details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
    throw refusal(400, 132018, "There is an issue with the parameters in your template", details);
  }
}

/** The template as the person sees it. One that has been deleted since shows its name. */
export function templateText(world: World, content: Message["content"]): string {
  const { language, name } = content as unknown as Sent;
  const template = find(world, name, language.code);
  if (!template) return `[template ${name}]`;
  const filled = (["header", "body", "footer"] as const).flatMap((part) => {
    const text = componentOf(template.components, part)?.text;
    if (text === undefined) return [];
    const parameters = parametersOf(content, part);
    const shown = text.replace(/\{\{(\d+)\}\}/g, (_all, number) => parameters[Number(number) - 1]?.text ?? "");
    return [part === "header" ? `*${shown}*` : part === "footer" ? `_${shown}_` : shown];
  });
  return filled.join("\n\n");
}

export interface TemplateButton {
  readonly label: string;
  /** Where it leads. */
  readonly url?: string;
  /** What a press brings to the business. */
  readonly payload: string;
}

export function templateButtons(world: World, { content, type }: Message): readonly TemplateButton[] {
  if (type !== "template") return [];
  const { components: sent = [], language, name } = content as unknown as Sent;
  const template = find(world, name, language.code);
  const buttons = (template && componentOf(template.components, "BUTTONS")?.buttons) ?? [];
  return buttons.flatMap(({ text: label, type: kind, url }, index) => {
    if (label === undefined || (kind !== "QUICK_REPLY" && url === undefined)) return [];
    const given = sent.find((each) => each.type === "button" && Number(each.index) === index)?.parameters?.[0];
    const address = url?.replace(/\{\{1\}\}/, given?.text ?? "");
    return [{ label, payload: given?.payload ?? label, ...(address !== undefined && { url: address }) }];
  });
}

function find({ templates }: World, name: string, language: string): Template | undefined {
  return [...templates.values()].find((each) => each.name === name && each.language === language);
}

function componentOf(components: Template["components"], type: string) {
  return components.find((each) => each.type.toUpperCase() === type.toUpperCase());
}

function parametersOf(content: Message["content"], part: string) {
  const { components = [] } = content as unknown as Sent;
  return components.find(({ type }) => type === part)?.parameters ?? [];
}

/** The numbers of a text's variables, each once, in order. */
function variables(text: string): number[] {
  const numbers = [...text.matchAll(/\{\{(\d+)\}\}/g)].map(([, number]) => Number(number));
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

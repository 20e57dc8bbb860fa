/** What Discord refuses of a message: https://discord.com/developers/docs/resources/message, …/components/reference */
import { emptyMessage, invalidForm } from "./failure.ts";

export interface MessageBody {
  readonly content?: unknown;
  readonly nonce?: unknown;
  readonly enforce_nonce?: unknown;
  readonly components?: unknown;
  readonly flags?: unknown;
  readonly embeds?: unknown;
  readonly message_reference?: { readonly message_id?: unknown; readonly fail_if_not_exists?: unknown };
}

interface Part {
  readonly type?: unknown;
  readonly style?: unknown;
  readonly label?: unknown;
  readonly custom_id?: unknown;
  readonly url?: unknown;
  readonly options?: unknown;
  readonly placeholder?: unknown;
  readonly components?: unknown;
}

/** Throws what Discord would answer. `files`: how many come along. */
export function checkMessage(body: MessageBody, files: number, isEdit: boolean): void {
  const { components, content, nonce } = body;
  if (content !== undefined && content !== null && typeof content !== "string") {
    throw invalidForm("content", "STRING_TYPE_CONVERT", "Could not interpret value as string.");
  }
  const text = content ?? "";
  if (text.length > 2000) throw invalidForm("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
  if (nonce !== undefined && String(nonce).length > 25) {
    throw invalidForm("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  }
  if (files > 10) throw invalidForm("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
  if (!isEdit && text.trim() === "" && files === 0 && !Array.isArray(body.embeds)) throw emptyMessage();
  checkComponents(components);
}

function checkComponents(components: unknown): void {
  if (components === undefined) return;
  if (!Array.isArray(components)) throw invalidForm("components", "BASE_TYPE_BAD_TYPE", "Must be a list.");
  if (components.length > 5) throw invalidForm("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.");
  const ids = new Set<string>();
  components.forEach((row: Part, index) => {
    const where = `components.${index}`;
    if (row.type !== 1 || !Array.isArray(row.components)) {
      throw invalidForm(`${where}.type`, "BASE_TYPE_CHOICES", "Value must be one of (1,).");
    }
    const { length } = row.components;
    if (length < 1 || length > 5)
      throw invalidForm(`${where}.components`, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
    for (const [at, part] of (row.components as Part[]).entries())
      checkPart(part, `${where}.components.${at}`, ids, length);
  });
}

function checkPart(part: Part, where: string, ids: Set<string>, siblings: number): void {
  const { custom_id: id, label, options, style, type, url } = part;
  if (type !== 2 && type !== 3) throw invalidForm(`${where}.type`, "BASE_TYPE_CHOICES", "Value must be one of (2, 3).");
  if (type === 3 && siblings > 1)
    throw invalidForm(where, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The layout is too wide.");
  if (type === 2 && (typeof label !== "string" || label.length > 80)) {
    throw invalidForm(`${where}.label`, "BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length.");
  }
  if (type === 2 && style === 5) {
    if (typeof url !== "string" || !/^(https?|discord):\/\//.test(url) || url.length > 512) {
      throw invalidForm(
        `${where}.url`,
        "URL_TYPE_INVALID_SCHEME",
        "Scheme must be one of ('http', 'https', 'discord').",
      );
    }
    return;
  }
  if (typeof id !== "string" || id.length < 1 || id.length > 100) {
    throw invalidForm(`${where}.custom_id`, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
  }
  if (ids.has(id))
    throw invalidForm(
      `${where}.custom_id`,
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    );
  ids.add(id);
  if (type !== 3) return;
  if (!Array.isArray(options) || options.length < 1 || options.length > 25) {
    throw invalidForm(`${where}.options`, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.");
  }
  const values = options.map(({ value }: { readonly value?: unknown }) => value);
  if (new Set(values).size < values.length) {
    throw invalidForm(
      `${where}.options`,
      "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
      "The specified option value is already used",
    );
  }
  for (const option of options as { readonly label?: unknown; readonly value?: unknown }[]) {
    for (const text of [option.label, option.value]) {
      if (typeof text !== "string" || text.length < 1 || text.length > 100) {
        throw invalidForm(`${where}.options`, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
      }
    }
  }
}

/** A label of a form with its field. */
export interface Label {
  readonly label: string;
  readonly component: {
    readonly type: number;
    readonly custom_id: string;
    readonly style: number;
    readonly required?: boolean;
  };
}

/** What Discord refuses of a form; gives its labels. */
export function checkForm(data: Readonly<Record<string, unknown>>): readonly Label[] {
  const { components, custom_id: id, title } = data;
  if (typeof id !== "string" || id.length < 1 || id.length > 100) {
    throw invalidForm("data.custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
  }
  if (typeof title !== "string" || title.length < 1 || title.length > 45) {
    throw invalidForm("data.title", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.");
  }
  if (!Array.isArray(components) || components.length < 1 || components.length > 5) {
    throw invalidForm("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  }
  (components as (Partial<Label> & { readonly type?: unknown })[]).forEach(({ component, label, type }, index) => {
    const where = `data.components.${index}`;
    if (type !== 18 || component?.type !== 4) {
      throw invalidForm(`${where}.type`, "BASE_TYPE_CHOICES", "Value must be one of (18,).");
    }
    if (typeof label !== "string" || label.length < 1 || label.length > 45) {
      throw invalidForm(`${where}.label`, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.");
    }
    if (component.style !== 1 && component.style !== 2) {
      throw invalidForm(`${where}.component.style`, "BASE_TYPE_CHOICES", "Value must be one of (1, 2).");
    }
  });
  return components as Label[];
}

/** What Discord refuses of suggestions; gives their values. */
export function checkChoices(choices: unknown): readonly string[] {
  if (!Array.isArray(choices) || choices.length > 25) {
    throw invalidForm("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  }
  for (const { name, value } of choices as { readonly name?: unknown; readonly value?: unknown }[]) {
    for (const text of [name, value]) {
      if (typeof text !== "string" || text.length < 1 || text.length > 100) {
        throw invalidForm("data.choices", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
      }
    }
  }
  return (choices as { readonly value: string }[]).map(({ value }) => value);
}

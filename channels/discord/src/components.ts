/** Controls as Discord's rows of buttons and selects, within its limits. */
import { type Control, type Select, SwitchboardError } from "@switchboard/domain";
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";

/** https://discord.com/developers/docs/components/reference */
const ROWS = 5;
const BUTTONS_A_ROW = 5;
export const BUTTONS = ROWS * BUTTONS_A_ROW;
const OPTIONS = 25;
const BUTTON_LABEL = 80;
const OPTION_LABEL = 100;
const PLACEHOLDER = 150;
/** A custom id has a hundred characters; some tell controls of one message apart, for Discord wants them unique. */
export const VALUE_BYTES = 95;

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** @throws MSG_008 for what Discord would refuse. */
export function toComponents(rows: readonly (readonly Control[])[] | undefined): Row[] {
  let count = 0;
  const next = () => count++;
  const made: Row[] = (rows ?? []).flatMap((row) => {
    const buttons = row.flatMap((control) => (control.kind === "select" ? [] : [toButton(control, next())]));
    const selects = row.flatMap((control) => (control.kind === "select" ? toSelects(control, next) : []));
    return [...chunks(buttons, BUTTONS_A_ROW), ...selects.map((select) => [select])].map(toRow);
  });
  const packed = made.length > ROWS ? packedRows(made) : made;
  if (packed.length > ROWS) {
    throw new SwitchboardError("MSG_008", `Discord shows ${ROWS} rows of ${BUTTONS_A_ROW} buttons or one select.`);
  }
  return packed;
}

/** The value behind a custom id of ours; a foreign one as it is. */
export function customValue(customId: string): string {
  return customId.replace(/^\d{1,3}:/, "");
}

function toRow(components: APIComponentInMessageActionRow[]): Row {
  return { type: ComponentType.ActionRow, components };
}

/** Buttons of several rows together, as many in a row as fit. */
function packedRows(rows: readonly Row[]): Row[] {
  const all = rows.flatMap(({ components }) => components);
  const buttons = all.filter(({ type }) => type === ComponentType.Button);
  const others = all.filter(({ type }) => type !== ComponentType.Button);
  return [...chunks(buttons, BUTTONS_A_ROW), ...others.map((each) => [each])].map(toRow);
}

function toButton(control: Exclude<Control, Select>, index: number): APIButtonComponent {
  const label = shortened(control.label, BUTTON_LABEL);
  if (control.kind === "link") {
    if (!/^(https?|discord):\/\/\S{1,504}$/i.test(control.url)) {
      throw new SwitchboardError("MSG_008", `The button "${label}" has an address that Discord refuses.`);
    }
    return { type: ComponentType.Button, style: ButtonStyle.Link, label, url: control.url };
  }
  const style =
    control.style === "danger"
      ? ButtonStyle.Danger
      : control.style === "primary"
        ? ButtonStyle.Primary
        : ButtonStyle.Secondary;
  return { type: ComponentType.Button, style, label, custom_id: `${index}:${checkedValue(label, control.value)}` };
}

function toSelects({ label, options }: Select, next: () => number): APIStringSelectComponent[] {
  const placeholder = shortened(label, PLACEHOLDER, "Choose");
  return chunks(options, OPTIONS).map((some) => ({
    type: ComponentType.StringSelect,
    custom_id: `${next()}:select`,
    placeholder,
    options: some.map((option) => ({
      label: shortened(option.label, OPTION_LABEL),
      value: checkedValue(option.label, option.value),
    })),
  }));
}

function checkedValue(label: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes === 0 || bytes > VALUE_BYTES) {
    throw new SwitchboardError("MSG_008", `"${label}" has a value of ${bytes} bytes, not 1 to ${VALUE_BYTES}.`);
  }
  return value;
}

function shortened(label: string, most: number, usual?: string): string {
  const text = label.toWellFormed().trim() || usual;
  if (!text) throw new SwitchboardError("MSG_008", "A button needs a label.");
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}

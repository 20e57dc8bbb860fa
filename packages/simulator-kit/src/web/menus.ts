/** What a platform offers besides talking: asks what has to be asked, does it, and shows what came of it. */
import type { PaneForm, PaneMenuItem } from "../shared/protocol.ts";
import { ask, complain, type MenuItem } from "./notices.ts";
import { act } from "./server.ts";
import type { Store } from "./store.ts";

/** Where an item is chosen. */
export interface Spot {
  readonly chat?: string;
  readonly message?: string;
}

export function menuItems(store: Store, items: readonly PaneMenuItem[], spot: Spot = {}): MenuItem[] {
  return items.map((item) => ({
    label: item.fields ? `${item.label}…` : item.label,
    ...(item.danger && { danger: true }),
    run: () => void choose(store, item, spot),
  }));
}

/** Does what the item says, as the person one plays. What it made is opened. */
export async function choose(store: Store, item: PaneMenuItem, spot: Spot = {}): Promise<void> {
  const { does, label, fields, ok = "OK" } = item;
  const { person } = store;
  const values = fields ? await ask({ title: label, fields, ok }) : {};
  if (!values) return;
  try {
    const { chat, thread } = await act({ kind: "do", does, person, ...spot, values });
    if (chat === undefined) return;
    await store.load();
    await store.show({ chat, ...(thread !== undefined && { thread }) });
  } catch (error) {
    complain(error);
  }
}

/** Asks until the form is taken or given up; what was filled in stays. */
export async function showForm(store: Store, { id, ok, ...form }: PaneForm): Promise<void> {
  const { person } = store;
  let { fields } = form;
  for (;;) {
    const values = await ask({ ...form, fields, ok });
    if (!values) return;
    try {
      await act({ kind: "submit", person, form: id, values });
      return;
    } catch (error) {
      complain(error);
      fields = fields.map((field) => ({ ...field, value: values[field.name] ?? "" }));
    }
  }
}

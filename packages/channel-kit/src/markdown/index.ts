/** Markdown brought down to what a platform can show. */
export { type ShowsTable, simplify } from "./simplify.ts";
export { drawTable, isNarrow, tableAsList } from "./table.ts";

/** What connections do alike beside their calls. */
export { Newest } from "./newest.ts";
export { pause } from "./pause.ts";

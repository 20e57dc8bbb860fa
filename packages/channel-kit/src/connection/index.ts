/** What connections do alike beside their calls. */
export { Newest } from "./newest.ts";
export { type OwnReaction, oneReaction } from "./one-reaction.ts";
export { pause } from "./pause.ts";

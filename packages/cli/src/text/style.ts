import { styleText } from "node:util";

/** What a piece of text is, for those who look at it in colour. */
export type Emphasis = "bold" | "dim" | "cyan" | "yellow" | "red";

/** Marks text for the terminal, or leaves it as it is. */
export type Style = (emphasis: Emphasis, text: string) => string;

export const plainStyle: Style = (_emphasis, text) => text;

export const colourStyle: Style = (emphasis, text) => styleText(emphasis, text, { validateStream: false });

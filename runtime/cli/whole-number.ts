import { InvalidArgumentError } from "commander";

/** Reads an option's number from 1 to 9999. Throws commander's InvalidArgumentError. */
export function parseWholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number from 1 to 9999.");
}

import { failureInfo, type FailureInfo } from "../ports/index.js";
import { checkOf, unknown, type Check, type CheckName, type Finding } from "./check.js";

/** Something that was asked for: it is known, or why it is not. */
export type Reading<T> =
  { readonly isKnown: true; readonly value: T } | { readonly isKnown: false; readonly failure: FailureInfo };

/** Asks, and keeps what was thrown: one question that cannot be answered must not hide the answers to the others. */
export async function learn<T>(ask: () => T | Promise<T>): Promise<Reading<T>> {
  try {
    return known(await ask());
  } catch (error) {
    return { isKnown: false, failure: failureInfo(error) };
  }
}

/** Something that is known. */
export function known<T>(value: T): Reading<T> {
  return { isKnown: true, value };
}

/** What follows from a reading; nothing that follows from one that failed is known either, for the same reason. */
export async function learnFrom<T, R>(reading: Reading<T>, ask: (value: T) => R | Promise<R>): Promise<Reading<R>> {
  return reading.isKnown ? learn(() => ask(reading.value)) : reading;
}

/** A check over one reading: `unknown` when that failed. */
export function checkReading<T>(check: CheckName, reading: Reading<T>, judge: (value: T) => readonly Finding[]): Check {
  return checkOf(check, reading.isKnown ? judge(reading.value) : [unknown(reading.failure)]);
}

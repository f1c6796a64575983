import type { Fault } from "./fault.js";

const REMEDY = "Run the same command again: it goes on where this one stopped.";

/** Of what was not begun at all because the command was told to stop. */
export const NOT_BEGUN: Fault = {
  code: "interrupted",
  message: "Not begun: the command was told to stop.",
  remedy: REMEDY,
};

/** Of what was under way. The engine ended what it had begun, wrote down how far it came, and let go of the stack. */
export const CUT_SHORT: Fault = {
  code: "interrupted",
  message: "It was told to stop, and stopped at a safe point before it was through.",
  remedy: REMEDY,
};

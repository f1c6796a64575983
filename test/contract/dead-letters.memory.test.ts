import { createMemoryDeadLetters } from "../../runtime/adapters/memory/dead-letters.js";
import { describeDeadLetters } from "./dead-letters.js";

describeDeadLetters("memory", () => {
  const deadLetters = createMemoryDeadLetters({ full: 3, empty: 0 });
  return {
    deadLetters,
    full: "full",
    empty: "empty",
    missing: "missing",
    finishMove: () => deadLetters.finishMove("full"),
  };
});

import { writeFileSync } from "node:fs";

import Mocha from "mocha";

/** The spec reporter, which also leaves its counts in the file that `CURFEW_TEST_COUNTS` names. */
export default class CountReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const file = process.env["CURFEW_TEST_COUNTS"];
      const { passes, failures } = this.stats;
      if (file !== undefined) writeFileSync(file, JSON.stringify({ passes, failures }));
    });
  }
}

import type { Ports, RunEvent } from "../ports/index.js";
import type { ReportBuilder } from "./report-builder.js";
import type { RunBudget, RunRequest } from "./request.js";
import type { Session } from "./session.js";

/** One run's belongings. `session` is null for a dry run. */
export interface RunScope {
  readonly request: RunRequest;
  readonly ports: Ports;
  readonly budget: RunBudget;
  readonly report: ReportBuilder;
  readonly session: Session | null;
  readonly emit: (event: Omit<RunEvent, "clusterId" | "at">) => void;
}

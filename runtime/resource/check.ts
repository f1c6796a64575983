import { hasUnknown, parseInputs, type CheckFailure, type Properties } from "./inputs.js";

/** Pulumi's result of a check. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

/** Says everything that is wrong with the inputs. Pure and local: the engine checks one resource after the other. */
export function checkInputs(news: Properties): CheckResult {
  if (hasUnknown(news)) return { inputs: news, failures: [] };
  const parsed = parseInputs(news);
  return { inputs: news, failures: parsed.ok ? [] : [...parsed.failures] };
}

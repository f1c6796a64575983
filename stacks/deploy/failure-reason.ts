import type { EngineRecord, FailureNote } from "./engine-events.js";
import { faultInText, saysExpired } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import { CUT_SHORT } from "./interrupted.js";

/** Names the reason why an operation failed, the most telling first. `isStopping`: the command was told to stop. */
export function faultOfFailure(
  error: unknown,
  { violations, failures }: Pick<EngineRecord, "violations" | "failures">,
  isStopping = false,
): Fault {
  const text = error instanceof Error ? error.message : String(error);
  if (violations.length > 0) {
    const message = ["The policies refuse it:", ...violations.map((violation) => `  ${violation}`)].join("\n");
    return { code: "policy-violated", message, remedy: "Change what is declared, or the policies' config." };
  }
  const said = failures.filter(({ cluster }) => cluster === null).map(({ message }) => message);
  return (
    faultOfExpired(failures) ??
    faultInText([...said, text].join("\n")) ??
    cutShort(text, failures, isStopping) ??
    deathOf(text) ??
    faultOfClusters(failures) ??
    stackFailed(said, text)
  );
}

/** The fault of clusters at which a refresh could not look: they may have drifted. Undefined when there are none. */
export function faultOfUnseen(unseen: readonly FailureNote[]): Fault | undefined {
  return faultOfExpired(unseen) ?? faultOfClusters(unseen);
}

/** What ran out stops everything after it, so it counts before whatever else went wrong, in clusters and the hub's parts. */
function faultOfExpired(failures: readonly FailureNote[]): Fault | undefined {
  if (!failures.some(({ message }) => saysExpired(message))) return undefined;
  return {
    code: "credentials-expired",
    message: `The credentials for AWS ran out on the way.\n${linesOf(failures)}`,
    remedy: "Renew them and run the same command again: what is done is not done again.",
  };
}

/** Cancelled, by us or by somebody's `pulumi cancel`, or ended by a signal that came before the CLI listened for it. */
function cutShort(text: string, failures: readonly FailureNote[], isStopping: boolean): Fault | undefined {
  const isCancelled = /\b(?:preview|update|refresh|destroy) cancell?ed\b/.test(text);
  const isOurSignal = isStopping && /was killed with SIG(?:INT|TERM)/.test(text);
  if (!isCancelled && !isOurSignal) return undefined;
  const clusters = faultOfClusters(failures);
  return clusters === undefined ? CUT_SHORT : { ...CUT_SHORT, message: `${CUT_SHORT.message}\n${clusters.message}` };
}

function deathOf(text: string): Fault | undefined {
  if (!/Command was killed|was terminated by|ENOENT/.test(text)) return undefined;
  return {
    code: "engine-died",
    message: "The Pulumi CLI ended in the middle of its work.",
    remedy: "Run the same command again: it goes on where this one stopped (with --unlock if the stack stays locked).",
  };
}

function faultOfClusters(failures: readonly FailureNote[]): Fault | undefined {
  const own = failures.filter(({ cluster }) => cluster !== null);
  if (own.length === 0) return undefined;
  const remedy = "Do what each line says, then run the same command again.";
  return { code: "clusters-failed", message: linesOf(own), remedy };
}

function linesOf(failures: readonly FailureNote[]): string {
  const lines = failures.map(({ cluster, message }) => (cluster === null ? message : `${cluster}: ${message}`));
  return [...new Set(lines)].join("\n");
}

function stackFailed(said: readonly string[], text: string): Fault {
  const message = said.length > 0 ? said.join("\n") : (/^.*error: .*$/m.exec(text)?.[0] ?? text.slice(0, 2_000));
  return { code: "stack-failed", message, remedy: "Repair what it says, then run the same command again." };
}

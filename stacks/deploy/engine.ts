import type { EngineEvent, LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";

import { createEventRecorder, type EngineProgress, type EngineRecord } from "./engine-events.js";
import { faultInText, lockHoldersIn, type LockHolder } from "./engine-faults.js";
import type { Fault } from "./fault.js";
import { whileLocked, type Patience } from "./retry.js";

/** How one operation on one stack ended. */
export interface EngineReport extends EngineRecord {
  /** Why it failed; absent when it did not. */
  readonly fault?: Fault;
}

/** What every preview and every change of a stack is held to. */
export interface Guard {
  /** Absolute path of the policy pack; absent without one. */
  readonly policyPack?: string;
  readonly policyConfig?: string;
}

/** The operations on one stack. None rejects for what can be expected: it is in the report. */
export interface ShardEngine {
  /** `planFile`: where to save what is planned. `isRefreshed`: look at the real clusters first. */
  preview(options?: { readonly planFile?: string | undefined; readonly isRefreshed?: boolean }): Promise<EngineReport>;
  /** Does what {@link preview} showed, and no more if given its plan. */
  up(options?: { readonly planFile?: string | undefined; readonly isRefreshed?: boolean }): Promise<EngineReport>;
  /** Looks at the real clusters and changes nothing, not even the state. */
  lookForDrift(): Promise<EngineReport>;
  /** Deletes everything that the stack holds. */
  destroy(): Promise<EngineReport>;
}

/** What operations share. */
export interface EngineOptions {
  readonly guard: Guard;
  readonly patience: Patience;
  readonly progress: EngineProgress;
  /** Aborts to let operations stop at a safe point. */
  readonly signal: AbortSignal;
  /** Whether a lock may be taken from its holder. */
  readonly mayFree: (holder: LockHolder) => boolean;
}

/** An engine over the Automation API. `openStack` selects or creates the stack; it is called once, when first needed. */
export function createShardEngine(openStack: () => Promise<Stack>, options: EngineOptions): ShardEngine {
  const { guard, patience, progress, signal } = options;
  let opened: Promise<Stack> | undefined;
  const policies = {
    ...(guard.policyPack !== undefined && { policyPacks: [guard.policyPack] }),
    ...(guard.policyConfig !== undefined && { policyPackConfigs: [guard.policyConfig] }),
  };

  const operate = (work: (stack: Stack, common: Common) => Promise<unknown>): Promise<EngineReport> =>
    whileLocked<EngineReport>(
      async () => {
        const recorder = createEventRecorder(progress);
        const common = { ...QUIET, signal, onEvent: (event: EngineEvent) => recorder.take(event) };
        const tryOnce = async () => work(await (opened ??= openStack()), common);
        try {
          await tryOnce().catch(async (error: unknown) => {
            if (!isFreeable(error, options)) throw error;
            progress.line("freeing the stack from a process that is dead");
            await (await opened)?.cancel();
            await tryOnce();
          });
          return recorder.record();
        } catch (error) {
          const record = recorder.record();
          return { ...record, fault: faultOfFailure(error, record) };
        }
      },
      patience,
      (waitMs) => progress.line(`another run holds the stack: trying again in ${Math.round(waitMs / 1_000)} s`),
    );

  return {
    preview: ({ planFile, isRefreshed = false } = {}) =>
      operate((stack, common) =>
        stack.preview({
          ...common,
          ...policies,
          refresh: isRefreshed,
          ...(planFile !== undefined && { plan: planFile }),
        }),
      ),
    up: ({ planFile, isRefreshed = false } = {}) =>
      operate((stack, common) =>
        stack.up({
          ...common,
          ...policies,
          refresh: isRefreshed,
          showSecrets: false,
          ...(planFile !== undefined && { plan: planFile }),
        }),
      ),
    lookForDrift: () => operate((stack, common) => stack.previewRefresh(common)),
    destroy: () => operate((stack, common) => stack.destroy({ ...common, showSecrets: false, continueOnError: true })),
  };
}

/** Only a lock whose holders are all known, and may all lose it. */
function isFreeable(error: unknown, { mayFree }: EngineOptions): boolean {
  const holders = lockHoldersIn(error instanceof Error ? error.message : "");
  return holders.length > 0 && holders.every(mayFree);
}

const QUIET = { color: "never", suppressProgress: true, suppressOutputs: true } as const;

type Common = typeof QUIET & { readonly signal: AbortSignal; readonly onEvent: (event: EngineEvent) => void };

/** Names the reason why an operation failed, the most telling first. */
export function faultOfFailure(error: unknown, { violations, failures }: EngineRecord): Fault {
  const text = error instanceof Error ? error.message : String(error);
  if (violations.length > 0) {
    const message = ["The policies refuse it:", ...violations.map((violation) => `  ${violation}`)].join("\n");
    return { code: "policy-violated", message, remedy: "Change what is declared, or the policies' config." };
  }
  const said = failures.filter(({ cluster }) => cluster === null).map(({ message }) => message);
  return (
    faultInText([...said, text].join("\n")) ?? deathOf(text) ?? faultOfClusters(failures) ?? stackFailed(said, text)
  );
}

function deathOf(text: string): Fault | undefined {
  if (!/Command was killed|was terminated by|ENOENT/.test(text)) return undefined;
  return {
    code: "engine-died",
    message: "The Pulumi CLI ended in the middle of its work.",
    remedy: "Run the same command again: it goes on where this one stopped (with --unlock if the stack stays locked).",
  };
}

function faultOfClusters(failures: EngineRecord["failures"]): Fault | undefined {
  const own = failures.filter(({ cluster }) => cluster !== null);
  if (own.length === 0) return undefined;
  const message = own.map(({ cluster, message: words }) => `${cluster ?? ""}: ${words}`).join("\n");
  if (own.some(({ message: words }) => /\[credentials-(?:expired|missing)\]/.test(words)))
    return {
      code: "credentials-expired",
      message: `The credentials for AWS ran out on the way.\n${message}`,
      remedy: "Renew them and run the same command again: clusters that are done are not touched again.",
    };
  return { code: "clusters-failed", message, remedy: "Do what each line says, then run the same command again." };
}

function stackFailed(said: readonly string[], text: string): Fault {
  const message = said.length > 0 ? said.join("\n") : (/^.*error: .*$/m.exec(text)?.[0] ?? text.slice(0, 2_000));
  return { code: "stack-failed", message, remedy: "Repair what it says, then run the same command again." };
}

/** Opens a stack of a workspace, and makes it first when it is new. */
export async function openStack(
  workspace: LocalWorkspace,
  { stack, isNew }: { readonly stack: string; readonly isNew: boolean },
): Promise<Stack> {
  const { Stack: Stacks } = await import("@pulumi/pulumi/automation/index.js");
  return isNew ? Stacks.create(stack, workspace) : Stacks.select(stack, workspace);
}

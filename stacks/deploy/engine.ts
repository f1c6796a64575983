import type { EngineEvent, LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";

import { createEventRecorder, type EngineProgress, type EngineRecord } from "./engine-events.js";
import { lockHoldersIn, type LockHolder } from "./engine-faults.js";
import { faultOfFailure } from "./failure-reason.js";
import type { Fault } from "./fault.js";
import { NOT_BEGUN } from "./interrupted.js";
import { whileLocked, type Patience } from "./retry.js";

/** How one operation on one stack ended. */
export interface EngineReport extends EngineRecord {
  /** Why it failed; absent when it did not. */
  readonly fault?: Fault;
}

/** What every preview and every change of a stack is held to. */
export interface Guard {
  /** Absolute path of the policy pack. */
  readonly policyPack: string;
  readonly policyConfig?: string;
}

/** The operations on one stack. None rejects for what can be expected: it is in the report. */
export interface ShardEngine {
  /** `planFile`: where to save what is planned. `isRefreshed`: look at the real clusters first. */
  preview(options?: { readonly planFile?: string | undefined; readonly isRefreshed?: boolean }): Promise<EngineReport>;
  /** Does what {@link preview} showed, and no more if given its plan. Refreshed, it undoes starts by hand too. */
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
  /** Aborts when no operation is to be begun, nor tried again. */
  readonly stopping: AbortSignal;
  /** Aborts to let operations stop at a safe point. */
  readonly signal: AbortSignal;
  /** Whether a lock may be taken from its holder. */
  readonly mayFree: (holder: LockHolder) => boolean;
}

/** An engine over the Automation API. `openStack` selects or creates the stack; it is called once, when first needed. */
export function createShardEngine(openStack: () => Promise<Stack>, options: EngineOptions): ShardEngine {
  const { guard, patience, progress, stopping, signal } = options;
  let opened: Promise<Stack> | undefined;
  const policies = {
    policyPacks: [guard.policyPack],
    ...(guard.policyConfig !== undefined && { policyPackConfigs: [guard.policyConfig] }),
  };

  const operate = (work: (stack: Stack, common: Common) => Promise<unknown>): Promise<EngineReport> =>
    whileLocked<EngineReport>(
      async () => {
        const recorder = createEventRecorder(progress);
        const common = { ...QUIET, signal, onEvent: (event: EngineEvent) => recorder.take(event) };
        try {
          const stack = await (opened ??= openStack());
          // Opening takes seconds, and a signal that has aborted by now would stop nothing: the SDK waits for its event.
          if (stopping.aborted) return { ...recorder.record(), fault: NOT_BEGUN };
          await work(stack, common).catch(async (error: unknown) => {
            if (!isFreeable(error, options)) throw error;
            progress.line("freeing the stack from a process that is dead");
            await stack.cancel();
            await work(stack, common);
          });
          return recorder.record();
        } catch (error) {
          const record = recorder.record();
          return { ...record, fault: faultOfFailure(error, record, stopping.aborted) };
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
      operate((stack, common) => {
        // The provider's process inherits it: without it a start by hand would be respected, not repaired.
        if (isRefreshed) stack.workspace.envVars["CURFEW_REPAIR"] = "1";
        return stack.up({
          ...common,
          ...policies,
          refresh: isRefreshed,
          showSecrets: false,
          ...(planFile !== undefined && { plan: planFile }),
        });
      }),
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

/** Opens a stack of a workspace, and makes it first when it is new. */
export async function openStack(
  workspace: LocalWorkspace,
  { stack, isNew }: { readonly stack: string; readonly isNew: boolean },
): Promise<Stack> {
  const { Stack: Stacks } = await import("@pulumi/pulumi/automation/index.js");
  const opened = await (isNew ? Stacks.create(stack, workspace) : Stacks.select(stack, workspace));
  return askNoMore(opened);
}

/**
 * After each change the SDK has the CLI read the stack three times more: its outputs, once with all secrets in the clear, and
 * its history. That is a twentieth of the work on a small stack, can fail when the change has not, and nothing here wants it.
 */
function askNoMore(stack: Stack): Stack {
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  return stack;
}

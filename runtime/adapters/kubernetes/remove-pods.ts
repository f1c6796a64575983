import { type CoreV1Api, V1DeleteOptions } from "@kubernetes/client-node";
import type {
  DeleteAnswer,
  DeleteOptions,
  EvictionAnswer,
  EvictOptions,
  Kubernetes,
  PodRef,
} from "../../ports/index.js";
import { orNull } from "./ask.js";
import { classifyFault, type Fault } from "./fault.js";
import { judgeDeletion } from "./judge-deletion.js";
import { judgeEviction, type EvictionVerdict } from "./judge-eviction.js";
import { withSignal } from "./with-signal.js";

/** The server may retry for 10 s inside one eviction (safe-cycle 29). */
const MIN_EVICTION_TIMEOUT_MS = 15_000;

interface PodRemovalOptions {
  readonly core: CoreV1Api;
  /** Makes the error to throw of a refused sign-in (401). */
  readonly refusedSignIn: (error: unknown) => unknown;
  readonly requestTimeoutMs: number;
}

/**
 * Taking pods away: none of these requests is repeated here, for each answer is the drain's to judge. Names the pod by UID;
 * accepted means only that it begins to leave, and the answer's body is not read (safe-cycle 22, 23).
 */
export function createPodRemoval(options: PodRemovalOptions): Pick<Kubernetes, "evict" | "deletePod"> {
  const { core, refusedSignIn } = options;
  const evictionTimeoutMs = Math.max(options.requestTimeoutMs, MIN_EVICTION_TIMEOUT_MS);

  async function evict(pod: PodRef, evictOptions: EvictOptions = {}): Promise<EvictionAnswer> {
    const verdict = await requestEviction(pod, evictOptions);
    return verdict.kind === "conflict" ? resolveConflict(pod, verdict.message) : verdict;
  }

  /** A conflict on the pod means another pod by that name, or a newer version of the same one (safe-cycle 28). */
  async function resolveConflict({ name, namespace, uid }: PodRef, message: string): Promise<EvictionAnswer> {
    try {
      const found = await orNull(core.readNamespacedPod({ name, namespace }));
      return found?.metadata?.uid === uid ? { kind: "budget-contention", message } : { kind: "gone" };
    } catch (error) {
      requireFault(error);
      return { kind: "transient", message };
    }
  }

  async function requestEviction(
    pod: PodRef,
    { dryRun = false, graceSeconds, signal }: EvictOptions,
  ): Promise<EvictionVerdict> {
    try {
      await core.createNamespacedPodEviction(
        evictionRequest(pod, dryRun, graceSeconds),
        withSignal(AbortSignal.any([AbortSignal.timeout(evictionTimeoutMs), ...(signal ? [signal] : [])])),
      );
      return { kind: "accepted" };
    } catch (error) {
      const fault = requireFault(error);
      if (fault.kind !== "answered") return { kind: "transient", message: fault.message };
      return judgeEviction(fault.answer);
    }
  }

  async function deletePod(
    { namespace, name, uid }: PodRef,
    graceSeconds: number,
    { isInstanceGone = false }: DeleteOptions = {},
  ): Promise<DeleteAnswer> {
    // In the body: the server ignores options in the query when a body is sent.
    const body = Object.assign(new V1DeleteOptions(), {
      preconditions: { uid },
      // Grace 0 removes the object while its container may run: only with proof that none does (safe-cycle 54, 61).
      gracePeriodSeconds: Math.max(isInstanceGone ? 0 : 1, Math.round(graceSeconds)),
    });
    try {
      await core.deleteNamespacedPod({ name, namespace, body });
      return { kind: "accepted" };
    } catch (error) {
      const fault = requireFault(error);
      if (fault.kind !== "answered") return { kind: "transient", message: fault.message };
      return judgeDeletion(fault.answer);
    }
  }

  /** Throws what is no answer about the pod: a refused sign-in, a `Failure` of the token source, a defect. */
  function requireFault(error: unknown): Fault {
    const fault = classifyFault(error);
    if (!fault) throw error;
    if (fault.kind === "answered" && fault.answer.status === 401) throw refusedSignIn(error);
    return fault;
  }

  return { evict, deletePod };
}

function evictionRequest({ namespace, name, uid }: PodRef, dryRun: boolean, graceSeconds: number | undefined) {
  return {
    name,
    namespace,
    // Query and body must agree (safe-cycle 39).
    ...(dryRun && { dryRun: "All" }),
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
      deleteOptions: {
        preconditions: { uid },
        ...(dryRun && { dryRun: ["All"] }),
        // Left out, not 0, keeps the pod's own grace (safe-cycle 24).
        ...(graceSeconds !== undefined && { gracePeriodSeconds: graceSeconds }),
      },
    },
  };
}

import type {
  Clock,
  ObjectRef,
  Objects,
  PatchAnswer,
  PatchOperation,
  RehearsalAnswer,
  RemoveAnswer,
  ResourceType,
} from "../../ports/index.js";
import type { ApiObject } from "../../ports/index.js";
import { classifyFault } from "./fault.js";
import { judgeRefusal, type Refusal } from "./judge-refusal.js";
import { apiVersionOf, objectPath, resourceName } from "./object-path.js";
import { retryTransient } from "./retry.js";
import type { RawRequest, Send } from "./send.js";
import type { ServedVersions } from "./served-versions.js";
import { translateError, type ClusterNames } from "./translate-error.js";

interface WriteParts {
  readonly send: Send;
  readonly clock: Clock;
  readonly names: ClusterNames;
  readonly served: ServedVersions;
  readonly read: Objects["read"];
}

/** What became of a write: its answer's body, or why there is none. */
type Outcome = { readonly kind: "done"; readonly body: unknown } | Refusal;

/** Says in `managedFields` who changed a field. */
const FIELD_MANAGER = "curfew";

/** Changing, removing and rehearsing objects of any type. */
export function createObjectWrites({
  send,
  clock,
  names,
  served,
  read,
}: WriteParts): Pick<Objects, "patch" | "remove" | "rehearseCreate"> {
  /** Repeated over transient faults; whatever says something about the object is an answer and final. */
  async function write(verb: string, type: ResourceType, request: RawRequest): Promise<Outcome> {
    try {
      const isFinal = (answer: Parameters<typeof judgeRefusal>[0]) => judgeRefusal(answer) !== null;
      return { kind: "done", body: await retryTransient(() => send(request), clock, isFinal) };
    } catch (error) {
      const fault = classifyFault(error);
      const refusal = fault?.kind === "answered" ? judgeRefusal(fault.answer) : null;
      if (refusal !== null) return refusal;
      throw translateError(error, { verb, resource: resourceName(type) }, names);
    }
  }

  async function patch(ref: ObjectRef, operations: readonly PatchOperation[]): Promise<PatchAnswer> {
    const version = await served.versionOf(ref.type);
    if (version === null) return { kind: "gone" };
    const outcome = await write("patch", ref.type, {
      method: "PATCH",
      path: objectPath(ref.type, version, ref),
      query: { fieldManager: FIELD_MANAGER },
      body: [{ op: "test", path: "/metadata/uid", value: ref.uid }, ...operations],
      contentType: "application/json-patch+json",
    });
    if (outcome.kind === "done") return { kind: "patched", object: outcome.body as ApiObject };
    if (outcome.kind === "patch-misfit") return explainMisfit(ref, outcome.message);
    return patchAnswer(outcome);
  }

  /** The server does not say which `test` failed: only another look tells whether it was the UID's. */
  async function explainMisfit(ref: ObjectRef, message: string): Promise<PatchAnswer> {
    const found = await read(ref.type, ref);
    return found?.metadata.uid === ref.uid ? { kind: "changed", message } : { kind: "gone" };
  }

  async function remove(ref: ObjectRef): Promise<RemoveAnswer> {
    const version = await served.versionOf(ref.type);
    if (version === null) return { kind: "gone" };
    const path = objectPath(ref.type, version, ref);
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: ref.uid } };
    const outcome = await write("delete", ref.type, { method: "DELETE", path, body });
    return outcome.kind === "done" ? { kind: "accepted" } : removeAnswer(outcome);
  }

  async function rehearseCreate(type: ResourceType, namespace: string | null, body: object): Promise<RehearsalAnswer> {
    const version = await served.versionOf(type);
    if (version === null) return { kind: "invalid", message: `the server knows no ${resourceName(type)}` };
    const outcome = await write("create", type, {
      method: "POST",
      path: objectPath(type, version, { namespace }),
      query: { dryRun: "All", fieldManager: FIELD_MANAGER },
      body: { apiVersion: apiVersionOf(type, version), kind: type.kind, ...body },
    });
    return outcome.kind === "done" ? { kind: "accepted" } : rehearsalAnswer(outcome);
  }

  return { patch, remove, rehearseCreate };
}

function patchAnswer({ kind, message }: Refusal): PatchAnswer {
  if (kind === "gone") return { kind };
  if (kind === "conflict") return { kind: "changed", message };
  return { kind: kind === "forbidden" ? "forbidden" : "refused", message };
}

function removeAnswer({ kind, message }: Refusal): RemoveAnswer {
  if (kind === "gone") return { kind };
  return { kind: kind === "forbidden" ? "forbidden" : "refused", message };
}

function rehearsalAnswer({ kind, message }: Refusal): RehearsalAnswer {
  switch (kind) {
    case "webhook-denied":
      return { kind: "denied", message };
    case "webhook-failed":
    case "forbidden":
      return { kind, message };
    default:
      return { kind: "invalid", message };
  }
}

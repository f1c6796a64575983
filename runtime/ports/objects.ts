/**
 * Any object of one cluster's API server, by its type: what the measures around a drain need (webhooks, autoscalers,
 * CronJobs, custom resources), beside the typed calls of {@link Kubernetes}. Implementations page lists, refresh tokens
 * and retry reads as there; an answer of the server is a value, and only a cluster that cannot be reached throws.
 */
export interface Objects {
  /**
   * Every object of a type, sorted by namespace and name. Which of the type's versions is served is found out once per
   * connection, by discovery.
   */
  list(type: ResourceType, options?: ListOptions): Promise<ListAnswer>;
  /** One object; null when it is not there or its type is not served. Throws `Failure` rbac-denied. */
  read(type: ResourceType, name: NamespacedName): Promise<ApiObject | null>;
  /**
   * JSON patch (RFC 6902), on the object with this UID only. `test` operations make it conditional: one that fails
   * answers `changed` and nothing happens. Calling twice is as safe as the patch itself.
   */
  patch(ref: ObjectRef, operations: readonly PatchOperation[]): Promise<PatchAnswer>;
  /** Asks for the deletion of the object with this UID; `gone` also when the UID differs. Calling twice is safe. */
  remove(ref: ObjectRef): Promise<RemoveAnswer>;
  /** Creates on the server with dryRun=All: admission is asked, nothing is stored (safe-cycle W15). */
  rehearseCreate(type: ResourceType, namespace: string | null, body: object): Promise<RehearsalAnswer>;
  /** Whether Curfew's own identity may do this (SelfSubjectAccessReview). */
  may(question: AccessQuestion): Promise<boolean>;
}

/** A kind of object. The field's own names, e.g. group `apps`, versions `["v1"]`, plural `deployments`. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  /** Versions whose shape Curfew knows, best first. */
  readonly versions: readonly string[];
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
}

export interface NamespacedName {
  /** Null for what lies in no namespace. */
  readonly namespace: string | null;
  readonly name: string;
}

/** One object, not another one by the same name. */
export interface ObjectRef extends NamespacedName {
  readonly type: ResourceType;
  readonly uid: string;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** An object as the server sent it; only what every object has is typed. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
  readonly managedFields?: readonly {
    readonly manager?: string;
    readonly operation?: string;
    readonly time?: string;
    readonly fieldsV1?: unknown;
  }[];
}

export type ListAnswer =
  | { readonly kind: "listed"; readonly items: readonly ApiObject[] }
  /** The server knows no such type, or in none of the versions: e.g. a CRD that is not installed. */
  | { readonly kind: "not-served" }
  | { readonly kind: "forbidden"; readonly message: string };

/** One step of a JSON patch. `path` is a JSON pointer. */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

export type PatchAnswer =
  | { readonly kind: "patched"; readonly object: ApiObject }
  | { readonly kind: "gone" }
  /** A `test` did not hold, or a path is not there: look again. */
  | { readonly kind: "changed"; readonly message: string }
  | { readonly kind: "forbidden"; readonly message: string }
  /** Admission or validation said no. */
  | { readonly kind: "refused"; readonly message: string };

export type RemoveAnswer =
  | { readonly kind: "accepted" }
  | { readonly kind: "gone" }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string };

export type RehearsalAnswer =
  | { readonly kind: "accepted" }
  /** A webhook was reached and said no: it works. */
  | { readonly kind: "denied"; readonly message: string }
  /** A webhook could not be reached, timed out or answered nonsense. */
  | { readonly kind: "webhook-failed"; readonly message: string }
  | { readonly kind: "forbidden"; readonly message: string }
  /** The object itself is refused (validation, quota, an unknown type). */
  | { readonly kind: "invalid"; readonly message: string };

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

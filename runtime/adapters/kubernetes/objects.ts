import type { AccessQuestion, Clock, Objects } from "../../ports/index.js";
import type { Ask } from "./ask.js";
import { createObjectReads } from "./read-objects.js";
import type { Send } from "./send.js";
import { createServedVersions } from "./served-versions.js";
import type { ClusterNames } from "./translate-error.js";
import { createObjectWrites } from "./write-objects.js";

interface ObjectsOptions {
  readonly send: Send;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly names: ClusterNames;
}

/** Objects of any type, over raw requests: the client's typed classes know built-in types only. */
export function createObjects({ send, ask, clock, names }: ObjectsOptions): Objects {
  const served = createServedVersions(send, ask, clock);
  const { list, read } = createObjectReads(send, ask, served);
  return {
    list,
    read,
    ...createObjectWrites({ send, clock, names, served, read }),
    may: (question) => may(send, ask, question),
  };
}

async function may(send: Send, ask: Ask, question: AccessQuestion): Promise<boolean> {
  const request = {
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: question },
    },
  } as const;
  const review = await ask({ verb: "create", resource: "selfsubjectaccessreviews" }, () => send(request));
  return (review as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
}

import * as z from "zod";

import type { ApiObject, ResourceType } from "../../ports/index.js";
import { amend, type Amendment, type AmendmentWish } from "../amendment.js";
import { ARGO_APPLICATIONS, FLUX_HELM_RELEASES, FLUX_KUSTOMIZATIONS } from "../resource-types.js";
import type { Survey } from "../survey.js";
import { namedOwners, ownerWords, type GitOpsOwner } from "./gitops-owner.js";
import type { Measure } from "./measure.js";

/**
 * Argo CD and Flux, as far as they deliver objects that other measures change: they would put them back (safe-cycle H7).
 * Suspended are exactly these owners, and those that deliver the owners in turn. One that a person suspended stays so.
 */
export const GITOPS: Measure = {
  purpose: "gitops",
  reads: [ARGO_APPLICATIONS, FLUX_KUSTOMIZATIONS, FLUX_HELM_RELEASES],
  plan(survey, _settings, planned = []) {
    const amendments = new Map<string, Amendment>();
    const notes = new Set<string>();
    const queue = [...planned];
    for (let change = queue.shift(); change !== undefined; change = queue.shift()) {
      const found = suspend(change, survey);
      for (const note of found.notes) notes.add(note);
      for (const one of found.amendments) {
        if (amendments.has(one.id)) continue;
        amendments.set(one.id, one);
        queue.push(one);
      }
    }
    return { amendments: [...amendments.values()], notes: [...notes], refusal: null };
  },
};

interface Suspension {
  readonly amendments: readonly Amendment[];
  readonly notes: readonly string[];
}

/** What keeps the owners of one changed object from undoing the change. */
function suspend(change: Amendment, survey: Survey): Suspension {
  const object = survey.of(change.type).find(({ metadata }) => metadata.uid === change.uid);
  if (object === undefined) return { amendments: [], notes: [] };
  const words = `${change.type.kind} ${change.namespace === null ? "" : `${change.namespace}/`}${change.name}`;
  const named = namedOwners(object).map((owner) => ({ owner, live: findOwner(owner, survey) }));
  const listing = survey.of(ARGO_APPLICATIONS).filter((application) => lists(application, change));
  const owners = [...new Set([...named.flatMap(({ live }) => live ?? []), ...listing])];
  return {
    amendments: owners.flatMap((owner) => suspension(owner, words) ?? []),
    notes: [
      ...named.filter(({ live }) => live === null).map(({ owner }) => elsewhere(owner, words)),
      ...generators(object, words),
    ],
  };
}

function findOwner({ type, namespace, name }: GitOpsOwner, survey: Survey): ApiObject | null {
  const found = survey
    .of(type)
    .filter(({ metadata }) => metadata.name === name && (namespace === null || metadata.namespace === namespace));
  // By its name alone it is known only while no other one has the name.
  return found.length === 1 ? (found[0] ?? null) : null;
}

const applicationSchema = z.object({
  spec: z.object({
    destination: z.object({ server: z.string().optional(), name: z.string().optional() }).prefault({}),
  }),
  status: z.object({
    resources: z.array(
      z.object({
        group: z.string().default(""),
        kind: z.string(),
        namespace: z.string().default(""),
        name: z.string(),
      }),
    ),
  }),
});

/** Whether an Argo CD application that delivers to this very cluster says that it delivers the object, marked or not. */
function lists(application: ApiObject, { type, namespace, name }: Amendment): boolean {
  const parsed = applicationSchema.safeParse(application);
  if (!parsed.success) return false;
  const { server, name: cluster } = parsed.data.spec.destination;
  if (server !== "https://kubernetes.default.svc" && cluster !== "in-cluster") return false;
  return parsed.data.status.resources.some(
    (one) =>
      one.group === type.group && one.kind === type.kind && one.name === name && one.namespace === (namespace ?? ""),
  );
}

const LEVERS: ReadonlyMap<ResourceType["group"], Pick<AmendmentWish, "path" | "ours">> = new Map([
  [ARGO_APPLICATIONS.group, { path: ["spec", "syncPolicy", "automated"] }],
  [FLUX_KUSTOMIZATIONS.group, { path: ["spec", "suspend"], ours: true }],
  [FLUX_HELM_RELEASES.group, { path: ["spec", "suspend"], ours: true }],
]);

/** Null when the owner is suspended already, or syncs only when a person asks for it. */
function suspension(owner: ApiObject, words: string): Amendment | null {
  const group = owner.apiVersion.split("/")[0] ?? "";
  const type = [ARGO_APPLICATIONS, FLUX_KUSTOMIZATIONS, FLUX_HELM_RELEASES].find((one) => one.group === group);
  const lever = LEVERS.get(group);
  if (type === undefined || lever === undefined) return null;
  return amend(owner, { purpose: "gitops", type, ...lever, reason: `it delivers ${words}, which Curfew changes` });
}

function elsewhere(owner: GitOpsOwner, words: string): string {
  return `${words} is delivered by ${ownerWords(owner)}, which cannot be told apart or found in this cluster: suspend it where it runs, or it may undo what Curfew changes.`;
}

/** An ApplicationSet rewrites the applications that it made. */
function generators({ metadata }: ApiObject, words: string): readonly string[] {
  const sets = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === "ApplicationSet");
  return sets.map(
    ({ name }) =>
      `${words} is generated by ApplicationSet ${name}, which may undo what Curfew changes: let it ignore differences at /spec/syncPolicy.`,
  );
}

import {
  readWakeFacts,
  surveyOf,
  volumeTypesFor,
  WORKLOAD_TYPES,
  type Journal,
  type Settings,
  type Snapshot,
  type WakeFacts,
} from "../cycle/index.js";
import type { Kubernetes } from "../ports/index.js";
import type { RunNotes } from "./context.js";
import { takeSurvey } from "./survey.js";

/** What the facts of one wake are read for. */
interface WakeQuestion {
  readonly settings: Settings;
  /** Null when a wake goes to sizes that a person gave. */
  readonly snapshot: Snapshot | null;
  readonly journal: Journal;
  readonly notes: RunNotes;
}

/**
 * Looks, when a wake is planned, at the workloads that must come up; volumes only when the cluster's own services mount some.
 * Null, and said, when Curfew may not list workloads. Reads only.
 */
export async function findWakeFacts(
  { settings, snapshot, journal, notes }: WakeQuestion,
  kubernetes: Kubernetes,
): Promise<WakeFacts | null> {
  if (snapshot === null) return null;
  const survey = await takeSurvey(WORKLOAD_TYPES, kubernetes);
  if (survey.hidden.length > 0) {
    const names = survey.hidden.map(({ plural }) => plural).join(", ");
    notes.warnings.push(`Nodes come up in one go and no tier is waited for, since Curfew may not list ${names}.`);
    return null;
  }
  const types = volumeTypesFor({ survey, settings });
  const volumes = types.length === 0 ? surveyOf([]) : await takeSurvey(types, kubernetes);
  const facts = readWakeFacts({ survey, volumes, settings, snapshot, journal });
  notes.warnings.push(...facts.notes);
  return facts;
}

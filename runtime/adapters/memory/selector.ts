import type { LabelSelector } from "../../ports/index.js";

type Labels = Readonly<Record<string, string>>;
type Expression = LabelSelector["matchExpressions"][number];

/** Whether `labels` carry everything in `wanted`. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** policy/v1: an absent selector matches nothing, an empty one everything. */
export function selects(selector: LabelSelector | null, labels: Labels): boolean {
  if (selector === null) return false;
  return hasLabels(labels, selector.matchLabels) && selector.matchExpressions.every((rule) => holds(rule, labels));
}

function holds({ key, operator, values }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

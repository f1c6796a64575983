/** What a schedule wants of a cluster at an instant. */
export type DesiredState = "running" | "hibernated";

/** How far a measure may go: `apply` it, only `report` what it would do, or do not even look (`off`). */
export const MODES = ["apply", "report", "off"] as const;

/** What a run tells those who watch it while it works. Listeners must be quick and must not throw. */
export interface Progress {
  emit(event: RunEvent): void;
}

/** One thing worth telling. `message` is a whole sentence for a person; the rest is for programs. */
export interface RunEvent {
  readonly clusterId: string;
  readonly at: number;
  readonly kind: "run-started" | "step-started" | "step-progress" | "step-finished" | "warning" | "run-finished";
  readonly step?: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

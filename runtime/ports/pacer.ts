/** Whose rate a call counts against: every AWS quota of ours is per account and Region, some per service (aws.md §12). */
export interface PaceKey {
  readonly account: string;
  readonly region: string;
  readonly service: "eks" | "autoscaling" | "ec2" | "sts" | "iam";
  readonly kind: "read" | "write";
}

/** Stands before every call to an account, in every process alike, so that none is throttled by us. */
export interface Pacer {
  /** Waits for a turn. Rejects only when `signal` aborts. */
  admit(key: PaceKey, signal?: AbortSignal): Promise<void>;
  /** Tells that the account said "too fast". */
  throttled(key: PaceKey): void;
}

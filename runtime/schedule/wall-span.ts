/** A stretch of wall time within which the windows say the same: from included, to not. */
export interface WallSpan {
  readonly isOpen: boolean;
  /** Which window decided, in words. */
  readonly rule: string;
  /** -Infinity when it has always been so. */
  readonly fromWallMs: number;
  /** Infinity when it stays so for ever. */
  readonly toWallMs: number;
}

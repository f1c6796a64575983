import type { LimitFunction } from "p-limit";

import type { Origin } from "../cycle/index.js";
import type { Ports } from "../ports/index.js";
import type { Cancellation } from "./cancellation.js";

/** What the lifecycle of a ClusterSchedule needs of the process it runs in. */
export interface ResourceHost {
  /** The ports over one state file or table; the same for the same path. Rejects with `Failure` store-unavailable. */
  portsFor(statePath: string | undefined): Promise<Ports>;
  /** Keeps the number of clusters under work polite; waits for its turn. Throws `Failure` config-invalid. */
  limit(): LimitFunction;
  readonly cancellation: Cancellation;
  /** One line for the person who runs `pulumi up`. */
  readonly write: (line: string) => void;
  /** Owner of the leases that this process takes. */
  readonly operationId: string;
  /** Who asks that clusters go where their calendar wants them: it, or a person who repairs what drifted. */
  readonly origin: Origin;
}

import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { ranked } from "./rule.js";
import { blastRadius } from "./rules/blast-radius.js";
import { deadLetters } from "./rules/dead-letters.js";
import { drainTimeout } from "./rules/drain-timeout.js";
import { encryption } from "./rules/encryption.js";
import { excludedEksClusters } from "./rules/excluded-eks-clusters.js";
import { exclusions } from "./rules/exclusions.js";
import { leastPrivilege } from "./rules/least-privilege.js";
import { logRetention } from "./rules/log-retention.js";
import { noForceInProduction } from "./rules/no-force-in-production.js";
import { openEndpoints } from "./rules/open-endpoints.js";
import { owner } from "./rules/owner.js";
import { productionApproval } from "./rules/production-approval.js";
import { queueVisibility } from "./rules/queue-visibility.js";
import { sleepLength } from "./rules/sleep-length.js";
import { sleepingDeletes } from "./rules/sleeping-deletes.js";
import { spokeTags } from "./rules/spoke-tags.js";
import { spokeTrust } from "./rules/spoke-trust.js";
import { tableSafety } from "./rules/table-safety.js";
import { tags } from "./rules/tags.js";
import { timeZone } from "./rules/time-zone.js";
import { workerConcurrency } from "./rules/worker-concurrency.js";
import { worthIt } from "./rules/worth-it.js";
import type { World } from "./world.js";

/** Every rule with the level that it has unless policy config says otherwise, in the order in which the README lists them. */
export function createPolicies(world: World): Policies {
  const clusters: readonly ResourceValidationPolicy[] = [
    ranked("mandatory", exclusions(world)),
    ranked("mandatory", productionApproval(world)),
    ranked("mandatory", timeZone()),
    ranked("mandatory", sleepLength(world)),
    ranked("mandatory", noForceInProduction()),
    ranked("mandatory", drainTimeout()),
    ranked("mandatory", owner()),
    ranked("advisory", worthIt(world)),
  ];
  const hub: readonly ResourceValidationPolicy[] = [
    ranked("mandatory", tableSafety()),
    ranked("mandatory", encryption()),
    ranked("mandatory", leastPrivilege()),
    ranked("mandatory", spokeTags()),
    ranked("mandatory", spokeTrust()),
    ranked("mandatory", openEndpoints()),
    ranked("remediate", logRetention()),
    ranked("remediate", tags()),
  ];
  const stacks: readonly StackValidationPolicy[] = [
    ranked("mandatory", blastRadius(world)),
    ranked("mandatory", sleepingDeletes(world)),
    ranked("mandatory", excludedEksClusters(world)),
    ranked("mandatory", deadLetters()),
    ranked("mandatory", queueVisibility()),
    ranked("mandatory", workerConcurrency()),
  ];
  return [...clusters, ...hub, ...stacks];
}

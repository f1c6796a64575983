export { auditWebhooks, describeFinding, type Audit, type Finding } from "./audit.js";
export {
  groundOf,
  hasReadyEndpoint,
  isFargateNode,
  serviceOf,
  SERVICE_NAME_LABEL,
  type IsNodeThere,
  type Namespaces,
  type ServiceRef,
} from "./ground.js";
export { planRelaxation, WEBHOOK_SURROUNDINGS, WEBHOOK_TYPES, webhooksMeasure } from "./measure.js";
export { rehearsalsOf, type Rehearsal } from "./rehearsal.js";
export { describeRelaxed, isAlarming, type RelaxedWebhook } from "./relaxed.js";
export { webhookKeyOf, webhookNameOf } from "./remedy.js";
export { renew } from "./renewal.js";
export { restartPatch, unguardedNamespaces, wasMissed } from "./unguarded.js";
export { readConfiguration, webhookKey, webhooksOf, type Webhook } from "./webhook.js";

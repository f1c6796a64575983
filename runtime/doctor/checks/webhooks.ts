import {
  auditWebhooks,
  ENDPOINT_SLICES,
  groundOf,
  isFargateNode,
  planEach,
  webhookKey,
  describeFinding,
  webhooksMeasure,
  type Settings,
  type Survey,
} from "../../cycle/index.js";
import { blocked, checkOf, note, unknown, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";

/** Webhooks that would keep the cluster from sleeping or waking, and what becomes of them (safe-cycle H11-H18). */
export function checkWebhooks({ survey, settings }: Facts): Check {
  if (!survey.isKnown) return checkOf("webhooks", [unknown(survey.failure)]);
  const hidden = webhooksMeasure.reads.filter((type) => survey.value.hidden.includes(type));
  if (hidden.length > 0) {
    const message = `Webhooks cannot be judged, since Curfew may not list ${hidden.map(({ plural }) => plural).join(", ")}.`;
    return checkOf("webhooks", [
      unknown({ message, remedy: "Bind the full-cycle role (stacks/rbac/full-cycle.yaml)." }),
    ]);
  }
  const { findings } = auditWebhooks(survey.value, isFargateNode);
  if (settings.measures.webhooks !== "apply") return checkOf("webhooks", leftAlone(findings, settings));
  return checkOf("webhooks", [
    ...planned(survey.value, settings),
    ...leftByProduct(findings, settings),
    ...silent(findings, survey.value),
  ]);
}

type Audited = ReturnType<typeof auditWebhooks>["findings"];

/** The measure is not to act: whatever would refuse pods stays in the way of the morning. */
function leftAlone(findings: Audited, { measures }: Settings): readonly Finding[] {
  const remedy = `Set measures.webhooks to apply (it is ${measures.webhooks}), or let the webhook leave kube-system out.`;
  return findings.map((finding) => {
    const what = `${webhookKey(finding.webhook)} would keep the cluster from waking: ${describeFinding(finding)}.`;
    return finding.problem === "refuses" ? blocked(what, remedy) : warning(what, remedy);
  });
}

/** `report` for webhooks of no known product: the same, for those. */
function leftByProduct(findings: Audited, { webhooks }: Settings): readonly Finding[] {
  if (webhooks.unknown === "relax") return [];
  return findings
    .filter(({ product, problem }) => product === null && problem === "refuses")
    .map((finding) =>
      blocked(
        `${webhookKey(finding.webhook)} is left alone and would keep the cluster from waking: ${describeFinding(finding)}.`,
        "Set settings.webhooks.unknown to relax, or let the webhook leave kube-system out.",
      ),
    );
}

function planned(survey: Survey, settings: Settings): readonly Finding[] {
  const plans = planEach([webhooksMeasure], survey, settings);
  return plans.flatMap(({ amendments, notes }) => [
    ...amendments.map(({ id, reason }) => note(`${id} is changed for the night and given back: ${reason}.`)),
    ...notes.map((what) => warning(what, null)),
  ]);
}

/** A webhook that nobody answers for even now cannot be given back after the next wake (safe-cycle W14). */
function silent(findings: Audited, survey: Survey): readonly Finding[] {
  if (!survey.has(ENDPOINT_SLICES)) return [];
  const ground = groundOf(survey, () => true);
  return findings
    .filter(({ service }) => !ground.staysUp(service))
    .map(({ webhook, service }) =>
      warning(
        `Nobody answers for ${webhookKey(webhook)} now: ${service.namespace}/${service.name} has no ready endpoint.`,
        "Bring its backend up or remove the webhook: it stands in the way already, and a wake cannot give it back.",
      ),
    );
}

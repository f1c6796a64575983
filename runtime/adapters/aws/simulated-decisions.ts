import type { PermissionAnswer } from "../../ports/index.js";
import { findXml, xmlText, type XmlElement } from "./xml-tree.js";

/** What a simulation said of one action on one resource. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly verdict: PermissionAnswer["verdict"];
}

/** The decisions of a SimulatePrincipalPolicyResult: of single resources where it says them, else of the action. */
export function readDecisions(result: XmlElement): readonly Decision[] {
  return membersOf(result, "EvaluationResults").flatMap((evaluation) => {
    const action = xmlText(evaluation, "EvalActionName");
    const whole = {
      action,
      resource: xmlText(evaluation, "EvalResourceName"),
      verdict: verdictOf(evaluation, "EvalDecision"),
    };
    const single = membersOf(evaluation, "ResourceSpecificResults").map((each) => ({
      action,
      resource: xmlText(each, "EvalResourceName"),
      verdict: verdictOf(each, "EvalResourceDecision"),
    }));
    return single.length > 0 ? single : [whole];
  });
}

/** A denial that hangs on a value which the simulation was not told is none yet. */
function verdictOf(evaluation: XmlElement, field: string): Decision["verdict"] {
  const decision = xmlText(evaluation, field);
  if (decision === "allowed") return "allowed";
  const isOpen = decision === "implicitDeny" && membersOf(evaluation, "MissingContextValues").length > 0;
  return isOpen ? "undecided" : "denied";
}

function membersOf(element: XmlElement, name: string): readonly XmlElement[] {
  return (findXml(element, name)?.children ?? []).filter((child) => child.name === "member");
}

import { InvalidArgumentError, Option, type Command } from "commander";

import { startCampaign, type StartOptions } from "../campaign/start.js";
import { parseGroupRule, type GroupRule } from "../campaign/choose-groups.js";
import { watchCampaign } from "../campaign/watch.js";
import { withSelection } from "../choose-clusters.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { parseDuration } from "../duration.js";
import { parseUntil } from "../until.js";

const EXAMPLE = `
Example:
  curfew campaign start --stack prod --region 'eu-*' --state hibernated --until +10h --reason "power cut"
  curfew campaign start --stack prod --all --group canary=tier=low --group rest=tier=* --tolerate 5 \\
    --state running --until 2026-12-24T18:00:00Z --reason "year-end close"
  curfew campaign watch --stack prod arn:aws:states:eu-west-1:123456789012:execution:curfew-campaigns:…

A campaign sets a hold on each cluster, group after group, and waits for the hub to carry it out; the next group begins when
no more than --tolerate percent of the one before have failed. Somebody's later \`curfew hold\` or \`curfew release\` wins. What
failed goes on by Step Functions' own redrive: aws stepfunctions redrive-execution --execution-arn ARN.
`;

/** `curfew campaign`: many clusters, group after group, as one undertaking of the hub's. */
export function addCampaign(program: Command, scope: CommandScope): void {
  const campaign = program
    .command("campaign")
    .description("keep many clusters of a hub in a state, group after group, until an instant")
    .addHelpText("after", EXAMPLE);
  addStart(campaign, scope);
  addWatch(campaign, scope);
}

function addStart(campaign: Command, scope: CommandScope): void {
  const collect = (text: string, texts: readonly string[] = []) => [...texts, text];
  const collectRule = (text: string, rules: readonly GroupRule[] = []) => [...rules, parseGroupRule(text)];
  withSelection(withSource(campaign.command("start")))
    .description("begin a campaign, without waiting for it")
    .addOption(
      new Option("--state <state>", "what to keep them in").choices(["running", "hibernated"]).makeOptionMandatory(),
    )
    .requiredOption("--until <when>", "ISO 8601 with zone, or +8h from now", parseUntil)
    .requiredOption("--reason <text>", "why, for everybody who wonders")
    .option("--owner <name>", "whose wish it is (default: USER)")
    .option("--account <id>", "clusters of this account, * allowed; may be given several times", collect)
    .option("--region <region>", "clusters of this Region, such as eu-*; may be given several times", collect)
    .option(
      "--group <name=key=value>",
      "the next group: clusters with this tag, account, region or cluster name, * allowed, several after commas; may be given several times",
      collectRule,
    )
    .option("--tolerate <percent>", "how many of a group may fail", parsePercent, 0)
    .option("--deadline <time>", "how long one cluster may take, such as 90m (default: 2h)", parseDeadline)
    .option("--machine <arn>", "the hub's state machine (default: the one of curfew:hub)")
    .option("--dry-run", "only show the groups")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: StartOptions) => scope.settle(await startCampaign(names, options, scope)));
}

function addWatch(campaign: Command, scope: CommandScope): void {
  withSource(campaign.command("watch <arn>"))
    .description("show how far a campaign is until it ends; interrupting it leaves the campaign alone")
    .addHelpText("after", EXAMPLE)
    .action(async (id: string, options: SourceOptions) => scope.settle(await watchCampaign(id, options, scope)));
}

function parsePercent(text: string): number {
  if (/^(?:\d{1,2}|100)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number from 0 to 100.");
}

function parseDeadline(text: string): number {
  const seconds = (parseDuration(text) ?? 0) / 1000;
  if (seconds >= 60 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError("Write a time such as 90m or 4h, up to 1d.");
}

import * as pulumi from "@pulumi/pulumi";

/** Most accounts that one stack reaches by providers of their own. */
const MOST = 5;

const providersByStack = new Map<string, Set<pulumi.ProviderResource>>();

/**
 * Counts the providers of a stack and refuses one too many: each is a process of its own, loaded on every `up` even when
 * nothing changed (pulumi.md §2.2). Throws a `RunError` with the figure and the way out.
 */
export function spendProvider(provider: pulumi.ProviderResource): void {
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const providers = providersByStack.get(stack) ?? new Set();
  providersByStack.set(stack, providers.add(provider));
  if (providers.size <= MOST) return;
  throw new pulumi.RunError(
    `SpokeRole: ${providers.size} accounts, each with a provider of its own, and ${MOST} is the most: every AWS provider is a ` +
      `process of 170 to 430 MB, so 300 accounts take 50 to 130 GB. Use SpokeRoles: one StackSet for all accounts of ` +
      `an organisational unit.`,
  );
}

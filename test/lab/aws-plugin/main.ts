/**
 * The lab's stand-in for the AWS provider plugin, which the vendor's site alone serves: the engine starts it as
 * `pulumi-resource-aws`, and it applies the few resource types that our stacks use to whatever AWS_ENDPOINT_URL names.
 */
import { provider } from "@pulumi/pulumi";

import { createAwsProvider } from "./provider.js";

await provider.main(createAwsProvider(), process.argv.slice(2));

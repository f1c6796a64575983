/** The real Pulumi CLI on this package's own stack, with nothing but this computer behind it. */
export {
  createPulumiWorkspace,
  type PulumiWorkspace,
  type PulumiWorkspaceOptions,
  type StateResource,
} from "./workspace.js";
export type { PulumiCommandOptions, PulumiResult } from "./pulumi-command.js";

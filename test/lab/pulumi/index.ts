/** The real Pulumi CLI on this package's own stack, with nothing but this computer behind it. */
export {
  createPulumiWorkspace,
  type PulumiWorkspace,
  type PulumiWorkspaceOptions,
  type StateResource,
} from "./workspace.js";
export { stillRunning, type PulumiCommandOptions, type PulumiResult } from "./pulumi-command.js";

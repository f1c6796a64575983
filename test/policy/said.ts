import { createTestPack, type TestPackOptions, type TestResource } from "./test-pack.js";

const linesOf = (said: readonly { readonly rule: string; readonly message: string }[]): readonly string[] =>
  said.map(({ rule, message }) => `${rule}: ${message.split("\n")[1] ?? ""}`);

/** What a single resource is told, a line for each rule. Tags are the matter of one test alone. */
export const said = async (resource: TestResource, options: TestPackOptions = {}): Promise<readonly string[]> =>
  linesOf((await createTestPack(options).analyze(resource)).filter(({ rule }) => rule !== "tags"));

/** What a stack is told, a line for each rule. */
export const saidOfStack = async (
  resources: readonly TestResource[],
  options: TestPackOptions = {},
): Promise<readonly string[]> => linesOf(await createTestPack(options).analyzeStack(...resources));

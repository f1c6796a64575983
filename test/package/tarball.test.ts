import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { tmpdir, homedir } from "node:os";

import { packagePath } from "../lab/package-path.js";
import { createConsumer, type Consumer } from "./consumer.js";

/** What may be in it, and what each is there for. */
const ALLOWED: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE)$/,
  // Programs and their types.
  /^bin\/(components|dynamic-providers|policy|runtime|stacks)\/[\w/.-]+\.(js|d\.ts)$/,
  // The Lambda functions.
  /^bin\/lambda\/(planner|worker|campaign|relay)\/[\w-]+\.mjs$/,
  // What people copy or apply, and what their editor reads.
  /^stacks\/(ci|rbac)\/[\w-]+\.ya?ml$/,
  /^stacks\/curfew\.schema\.json$/,
  /^stacks\/policy\.production\.json$/,
  /^policy\/PulumiPolicy\.yaml$/,
  /^policy\/package\.json$/,
];

/** Without these the package does not work. */
const NEEDED: readonly string[] = [
  "README.md",
  "bin/components/index.d.ts",
  "bin/components/index.js",
  "bin/dynamic-providers/cluster-schedule.js",
  "bin/lambda/campaign/index.mjs",
  "bin/lambda/planner/index.mjs",
  "bin/lambda/relay/index.mjs",
  "bin/lambda/worker/index.mjs",
  "bin/policy/index.js",
  "bin/runtime/cli/main.js",
  "bin/runtime/index.d.ts",
  "bin/runtime/index.js",
  "bin/stacks/deploy/main.js",
  "bin/stacks/index.js",
  "bin/stacks/library.d.ts",
  "bin/stacks/library.js",
  "policy/PulumiPolicy.yaml",
  "policy/package.json",
  "stacks/ci/github-actions.yml",
  "stacks/ci/gitlab-ci.yml",
  "stacks/curfew.schema.json",
  "stacks/rbac/full-cycle.yaml",
];

describe("the package that would be published", function () {
  this.timeout(60_000);
  let consumer: Consumer;

  before(async () => {
    consumer = await createConsumer();
  });
  after(() => consumer[Symbol.asyncDispose]());

  it("has what it needs", () => {
    const { files } = consumer.packed;
    assert.deepEqual(
      NEEDED.filter((path) => !files.includes(path)),
      [],
    );
  });

  it("has nothing else: no sources, no tests, no source maps", () => {
    const strangers = consumer.packed.files.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)));
    assert.deepEqual(strangers, []);
  });

  it("names no place on the computer that built it", async () => {
    const places = [packagePath(), homedir(), tmpdir()].filter((place) => place.split("/").length > 2);
    for (const path of consumer.packed.files) {
      const text = await readFile(consumer.path("node_modules", "curfew", path), "utf8");
      for (const place of places) assert.ok(!text.includes(place), `${path} names ${place}`);
    }
  });

  it("has a file for whatever package.json exports", async () => {
    const { exports, bin } = JSON.parse(
      await readFile(consumer.path("node_modules", "curfew", "package.json"), "utf8"),
    ) as { readonly exports: Readonly<Record<string, unknown>>; readonly bin: Readonly<Record<string, string>> };
    const named = JSON.stringify([exports, bin]).match(/bin\/[\w./-]+/g) ?? [];
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((path) => !consumer.packed.files.includes(path)),
      [],
    );
  });
});

/** The import rules of the house (README, "The house"): who may import whom. */
const room = (path) => ({ path: `^runtime/${path}(/|$)` });
const never = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const SDKS = "^node_modules/(@aws-sdk|@smithy|@kubernetes|undici|@pulumi)/";
const PULUMI = "^node_modules/@pulumi/";
const COMPOSITION_ROOT = "^runtime/(compose-?[a-z]*|index)\\.ts$";

module.exports = {
  forbidden: [
    never(
      "no-cycles",
      "A cycle has no first room to read; types may look back.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    never(
      "no-orphans",
      "A file that nothing uses.",
      { orphan: true, pathNot: ["\\.d\\.ts$", "^test/", "^\\.config/"] },
      {},
    ),
    never("not-to-unresolvable", "An import that cannot be found.", {}, { couldNotResolve: true, pathNot: "^curfew/" }),
    never("schedule-is-lowest", "The calendar knows no other room.", room("schedule"), {
      path: "^runtime/(?!schedule/|ports/)",
    }),
    never("drain-below-cycle", "Rules of a drain know the calendar and the ports only.", room("drain"), {
      path: "^runtime/(?!drain/|schedule/|ports/)",
    }),
    never("cycle-below-run", "Decisions know drain, calendar and ports only.", room("cycle"), {
      path: "^runtime/(?!cycle/|drain/|schedule/|ports/)",
    }),
    never("config-is-pure", "What is declared is parsed from settings and calendars only.", room("config"), {
      path: "^runtime/(?!config/|cycle/|drain/|schedule/|ports/)",
    }),
    never(
      "run-knows-no-technology",
      "Runs see the world through ports.",
      { path: "^runtime/(run|fleet|doctor)/" },
      {
        path: "^runtime/(adapters|lambda|cli|api|resource|compose)",
      },
    ),
    never(
      "pure-rooms-know-no-sdk",
      "Pure rooms use no SDK and no Node module.",
      { path: "^runtime/(schedule|drain|cycle|config|run|fleet|doctor|ports)/" },
      { path: `${SDKS}|^(node:)?(fs|path|os|net|http|https|crypto|child_process|process|timers|sqlite|url)(/|$)` },
    ),
    never("runtime-knows-no-pulumi", "The runtime runs without Pulumi.", { path: "^runtime/" }, { path: PULUMI }),
    never(
      "adapters-know-ports-only",
      "An adapter knows its port, pure types and its own SDK.",
      { path: "^runtime/adapters/([^/]+)/" },
      { path: "^runtime/", pathNot: "^runtime/(ports|schedule|adapters/$1)/" },
    ),
    never(
      "adapters-only-in-compose",
      "Adapters are wired in one place.",
      {
        path: "^(runtime|stacks|components|dynamic-providers|policy)/",
        pathNot: `^runtime/adapters/|${COMPOSITION_ROOT}`,
      },
      {
        path: "^runtime/adapters/",
      },
    ),
    never(
      "provider-is-thin",
      "The provider forwards to curfew/runtime and knows nothing else.",
      { path: "^dynamic-providers/" },
      {
        path: "^(components|stacks|policy|runtime/(adapters|run|cli))",
      },
    ),
    never(
      "policy-judges-declarations",
      "Policies know the policy SDK and what is declared.",
      { path: "^policy/" },
      {
        path: "^(components|stacks|dynamic-providers)/|^runtime/(?!config/|schedule/|cycle/settings|ports/)|^node_modules/@pulumi/(?!policy/|pulumi/)",
      },
    ),
    never(
      "components-are-wiring",
      "Components know no run and no adapter.",
      { path: "^components/" },
      { path: "^runtime/(run|adapters|cli)" },
    ),
    never(
      "product-knows-no-test",
      "Tests depend on the product, not the other way.",
      { pathNot: "^(test|\\.config)/" },
      { path: "^test/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};

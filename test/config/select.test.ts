import assert from "node:assert/strict";

import type { Selection } from "../../runtime/config/index.js";
import { selectClusters } from "../../runtime/config/index.js";
import { config, fleetOf, PAYMENTS, problemsOf, valueOf } from "./declared.js";

const fleet = fleetOf(
  config({
    clusters: [
      { ...PAYMENTS, tags: { team: "pay", env: "dev" } },
      { ...PAYMENTS, name: "search", tags: { team: "find", env: "dev" } },
      { ...PAYMENTS, name: "search", account: "333333333333", tags: { env: "a=b" } },
    ],
  }),
);
const [payments, search, otherSearch] = [
  "222222222222/ap-southeast-2/payments-dev",
  "222222222222/ap-southeast-2/search",
  "333333333333/ap-southeast-2/search",
];

describe("choosing clusters", () => {
  const chosen: readonly [what: string, selection: Selection, ids: readonly string[]][] = [
    ["by name", { names: ["payments-dev"] }, [payments]],
    ["by account, Region and name", { names: [otherSearch] }, [otherSearch]],
    [
      "by several names, in the fleet's order and none twice",
      { names: [search, "payments-dev", search] },
      [payments, search],
    ],
    ["all", { all: true }, [payments, search, otherSearch]],
    ["by tag", { tags: ["env=dev"] }, [payments, search]],
    ["by a tag with an equals sign in its value", { tags: ["env=a=b"] }, [otherSearch]],
    ["by all of several tags", { tags: ["env=dev", "team=find"] }, [search]],
    ["by tag among names", { names: ["payments-dev", search], tags: ["team=pay"] }, [payments]],
  ];
  for (const [what, selection, ids] of chosen) {
    it(`works ${what}`, () =>
      assert.deepEqual(
        valueOf(selectClusters(fleet, selection)).map(({ id }) => id),
        ids,
      ));
  }

  const refused: readonly [what: string, selection: Selection, problems: readonly string[]][] = [
    ["nothing", {}, ["clusters: name the clusters, or choose with --all or --tag key=value"]],
    ["names and all", { names: ["payments-dev"], all: true }, ["clusters: choose either names or --all, not both"]],
    [
      "a name that two clusters have",
      { names: ["search"] },
      [`clusters: "search" is not clear: write one of ${search}, ${otherSearch}`],
    ],
    [
      "an unknown name",
      { names: ["paymets-dev"] },
      ['clusters: no cluster is called "paymets-dev": did you mean "payments-dev"?'],
    ],
    [
      "an unknown identity",
      { names: ["222222222222/ap-southeast-2/serch"] },
      [`clusters: no cluster is called "222222222222/ap-southeast-2/serch": did you mean "${search}"?`],
    ],
    [
      "several wrong names",
      { names: ["x", "y"] },
      [
        'clusters: no cluster is called "x": there are payments-dev, search',
        'clusters: no cluster is called "y": there are payments-dev, search',
      ],
    ],
    ["a tag that fits nothing", { tags: ["env=prod"] }, ["tags: no cluster that was chosen has env=prod"]],
    ["half a tag", { tags: ["env"] }, ['tags: "env" must be key=value', "tags: no cluster that was chosen has env"]],
  ];
  for (const [what, selection, problems] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(problemsOf(selectClusters(fleet, selection)), problems));
  }

  it("gives all of an empty fleet", () => {
    assert.deepEqual(valueOf(selectClusters(fleetOf({}), { all: true })), []);
  });
});

import assert from "node:assert/strict";

import { resourceNames } from "../../stacks/resource-names.js";

const identity = (name: string, account = "111111111111", region = "eu-west-1") => ({ name, account, region });

describe("names of resources", () => {
  it("are the clusters' own", () => {
    const names = resourceNames([identity("pay"), identity("shop")]);
    assert.deepEqual(
      names.map(({ name }) => name),
      ["pay", "shop"],
    );
  });

  it("tell namesakes apart by account and Region, wherever they stand", () => {
    const names = resourceNames([identity("pay"), identity("shop"), identity("pay", "222222222222")]);
    assert.deepEqual(
      names.map(({ name }) => name),
      ["pay-111111111111-eu-west-1", "shop", "pay-222222222222-eu-west-1"],
    );
  });

  it("make a renaming of it when a namesake comes, and when it goes again", () => {
    const [alone] = resourceNames([identity("pay")]);
    const [first, second] = resourceNames([identity("pay"), identity("pay", "222222222222")]);
    assert.equal(first?.formerly, alone?.name);
    assert.equal(second?.formerly, undefined);
    assert.equal(alone?.formerly, first?.name);
  });
});

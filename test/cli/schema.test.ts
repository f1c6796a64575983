import assert from "node:assert/strict";

import { configJsonSchema } from "../../runtime/config/index.js";
import { cliFixture } from "./fixture.js";

describe("curfew schema", () => {
  it("prints the JSON schema of the config, in lines, and needs no project", async () => {
    const { curfew, opened } = cliFixture({ cwd: "/nowhere" });
    const told = await curfew("schema");
    assert.equal(told.code, 0);
    assert.deepEqual(told.json(), configJsonSchema());
    assert.match(told.out, /^\{\n {2}"\$schema"/);
    assert.deepEqual(opened, []);
  });
});

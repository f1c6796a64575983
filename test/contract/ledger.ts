import assert from "node:assert/strict";

import type { Ledger } from "../../runtime/ports/index.js";

/** One set of stored pages, empty at first, and ways into it. */
export interface LedgerSubject {
  /** A new handle on the data. */
  open(): Ledger;
  /** Lets go of the data. */
  dispose(): Promise<void>;
}

/** Every promise of the port `Ledger`, for any implementation of it. `create` is called before each test. */
export function describeLedger(name: string, create: () => LedgerSubject | Promise<LedgerSubject>): void {
  describe(`ledger: ${name}`, () => {
    const KEY = "pace/222222222222#eu-west-1#eks#write";
    let subject: LedgerSubject;
    let ledger: Ledger;

    beforeEach(async () => {
      subject = await create();
      ledger = subject.open();
    });
    afterEach(() => subject.dispose());

    it("has no page at first", async () => {
      assert.equal(await ledger.read(KEY), undefined);
      assert.deepEqual(await ledger.list(""), []);
    });

    it("keeps a page, seen by every handle", async () => {
      assert.equal(await ledger.write(KEY, '{"tokens":5}', null), "written");
      const page = await subject.open().read(KEY);
      assert.equal(page?.body, '{"tokens":5}');
      assert.ok(page.revision > 0);
    });

    it("replaces a page that is still the one that was read", async () => {
      await ledger.write(KEY, "first", null);
      const { revision } = (await ledger.read(KEY))!;
      assert.equal(await ledger.write(KEY, "second", revision), "written");
      const page = (await ledger.read(KEY))!;
      assert.equal(page.body, "second");
      assert.ok(page.revision > revision);
    });

    it("refuses the second of two writers, whose text is lost", async () => {
      await ledger.write(KEY, "first", null);
      const { revision } = (await ledger.read(KEY))!;
      await ledger.write(KEY, "quick", revision);
      assert.equal(await ledger.write(KEY, "slow", revision), "conflict");
      assert.equal((await ledger.read(KEY))?.body, "quick");
    });

    it("refuses to begin a page that is there, and to go on with one that is not", async () => {
      assert.equal(await ledger.write(KEY, "x", 1), "conflict");
      assert.equal(await ledger.read(KEY), undefined);
      await ledger.write(KEY, "first", null);
      assert.equal(await ledger.write(KEY, "again", null), "conflict");
      assert.equal((await ledger.read(KEY))?.body, "first");
    });

    it("lets one of many writers win that write at once, each time", async () => {
      let revision: number | null = null;
      for (let round = 0; round < 5; round++) {
        const writers = [1, 2, 3, 4].map((writer) => subject.open().write(KEY, `${round} ${writer}`, revision));
        const answers = await Promise.all(writers);
        assert.deepEqual(answers.sort(), ["conflict", "conflict", "conflict", "written"]);
        ({ revision } = (await ledger.read(KEY))!);
      }
    });

    it("lists pages by the beginning of their keys, in key order", async () => {
      for (const key of ["breaker/2", "pace/b", "breaker/10", "pace/a", "breaker"]) await ledger.write(key, key, null);
      const listed = await ledger.list("breaker/");
      assert.deepEqual(listed, [
        { key: "breaker/10", ...(await ledger.read("breaker/10"))! },
        { key: "breaker/2", ...(await ledger.read("breaker/2"))! },
      ]);
      assert.deepEqual(
        (await ledger.list("")).map(({ key }) => key),
        ["breaker", "breaker/10", "breaker/2", "pace/a", "pace/b"],
      );
    });

    it("keeps pages apart, and keys to the letter", async () => {
      await ledger.write("a#b/c d", "one", null);
      await ledger.write("a#b/c", "two", null);
      assert.equal((await ledger.read("a#b/c d"))?.body, "one");
      assert.deepEqual(
        (await ledger.list("a#b/c d")).map(({ key }) => key),
        ["a#b/c d"],
      );
    });
  });
}

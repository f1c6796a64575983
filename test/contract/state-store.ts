import type { StateStore } from "../../runtime/ports/state-store.js";
import { describeClusters } from "./state-store/clusters.js";
import { describeCycles } from "./state-store/cycles.js";
import { describeFences } from "./state-store/fences.js";
import { describeHandles } from "./state-store/handles.js";
import { describeLeases } from "./state-store/leases.js";
import { describeReports } from "./state-store/reports.js";
import { describeRetiredCycles } from "./state-store/retired-cycles.js";
import type { StoredData } from "./state-store/stored-data.js";

/** One set of stored data, empty at first, and ways into it. */
export interface StateStoreSubject {
  /** A new handle on the data. */
  open(): StateStore;
  /** Lets go of the data. Handles are closed by then. */
  dispose(): Promise<void>;
}

/** Every promise of the port `StateStore`, for any implementation of it. `create` is called before each test. */
export function describeStateStore(name: string, create: () => StateStoreSubject | Promise<StateStoreSubject>): void {
  describe(`state store: ${name}`, () => {
    let subject: StateStoreSubject;
    let handles: StateStore[];
    let store: StateStore;

    const open = (): StateStore => {
      const handle = subject.open();
      handles.push(handle);
      return handle;
    };
    const data: StoredData = {
      get store() {
        return store;
      },
      open,
      reopen: async () => {
        await store.close();
        store = open();
      },
    };

    beforeEach(async () => {
      subject = await create();
      handles = [];
      store = open();
    });

    afterEach(async () => {
      await Promise.all(handles.map((handle) => handle.close()));
      await subject.dispose();
    });

    describeLeases(data);
    describeFences(data);
    describeCycles(data);
    describeRetiredCycles(data);
    describeClusters(data);
    describeReports(data);
    describeHandles(data);
  });
}

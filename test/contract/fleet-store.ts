import type { FleetStore, StateStore } from "../../runtime/ports/index.js";
import { describeClaims } from "./fleet-store/claims.js";
import { describeDue } from "./fleet-store/due.js";
import { describeEntries } from "./fleet-store/entries.js";
import type { FleetData } from "./fleet-store/fleet-data.js";
import { describeSettlements } from "./fleet-store/settlements.js";
import { describeUnconverged } from "./fleet-store/unconverged.js";

/** One set of stored data, empty at first, and ways into it. The due index has four shards. */
export interface FleetStoreSubject {
  /** A new handle on the data. */
  open(): StateStore & FleetStore;
  /** Lets go of the data. Handles are closed by then. */
  dispose(): Promise<void>;
}

/** Every promise of the port `FleetStore`, for any implementation of it. `create` is called before each test. */
export function describeFleetStore(name: string, create: () => FleetStoreSubject | Promise<FleetStoreSubject>): void {
  describe(`fleet store: ${name}`, () => {
    let subject: FleetStoreSubject;
    let handles: (StateStore & FleetStore)[];

    const open = (): StateStore & FleetStore => {
      const handle = subject.open();
      handles.push(handle);
      return handle;
    };
    const data: FleetData = {
      get store() {
        return handles[0] ?? open();
      },
      open,
    };

    beforeEach(async () => {
      subject = await create();
      handles = [];
    });

    afterEach(async () => {
      await Promise.all(handles.map((handle) => handle.close()));
      await subject.dispose();
    });

    describeEntries(data);
    describeDue(data);
    describeClaims(data);
    describeSettlements(data);
    describeUnconverged(data);
  });
}

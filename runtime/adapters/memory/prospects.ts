import type {
  AddOn,
  GroupSubnets,
  GroupTemplate,
  InstanceRefresh,
  NodeGroup,
  PermissionQuestion,
  Prospects,
} from "../../ports/index.js";
import type { Calls } from "./calls.js";
import type { GroupState } from "./group-state.js";
import { groupId } from "./group-state.js";
import { createVcpuSide, type VcpuControls } from "./vcpus.js";

/** What people do to the account around a cluster. Groups go by id. */
export interface ProspectControls extends VcpuControls {
  /** IAM denies these actions from now on, in simulations too; none: everything is allowed again. */
  denyActions(...actions: readonly string[]): void;
  /** Simulations of these actions stay open, as for a condition that only a real call can meet. */
  leaveUndecided(...actions: readonly string[]): void;
  /** Free addresses of each of the group's subnets; null: they were deleted. */
  setFreeAddresses(groupId: string, addresses: number | null): void;
  /** Somebody deletes the group's launch template. */
  removeLaunchTemplate(groupId: string): void;
  /** Adds an add-on or changes the one by its name. */
  putAddOn(addOn: Partial<AddOn> & Pick<AddOn, "name">): void;
  /** Somebody starts to replace the group's instances; null: it is over. */
  setInstanceRefresh(groupId: string, status: string | null): void;
}

/** As many as a /20 has. */
const MANY_ADDRESSES = 4091;

/** The prospects of one in-memory cluster, with their knobs: one roomy subnet per zone, everything allowed, no add-ons. */
export function createMemoryProspects(
  groups: ReadonlyMap<string, GroupState>,
  calls: Calls,
): { readonly prospects: Prospects; readonly controls: ProspectControls } {
  const denied = new Set<string>();
  const undecided = new Set<string>();
  const freeAddresses = new Map<string, number | null>();
  const removedTemplates = new Set<string>();
  const addOns = new Map<string, AddOn>();
  const refreshes = new Map<string, string>();
  const vcpus = createVcpuSide(groups);

  const known = (asked: readonly NodeGroup[]) => asked.flatMap(({ id }) => groups.get(id) ?? []);

  function subnetsOf(group: GroupState): GroupSubnets {
    const id = groupId(group);
    const free = freeAddresses.get(id);
    const subnets = group.zones.map((zone) => ({
      id: `subnet-${zone}`,
      freeAddresses: free === undefined ? MANY_ADDRESSES : free,
    }));
    return { groupId: id, subnets };
  }

  function templatesOf(group: GroupState): readonly GroupTemplate[] {
    const id = groupId(group);
    if (group.launchTemplate === null) return [];
    return [{ groupId: id, template: group.launchTemplate, exists: !removedTemplates.has(id) }];
  }

  function refreshesOf(group: GroupState): readonly InstanceRefresh[] {
    const status = refreshes.get(groupId(group));
    return status === undefined ? [] : [{ groupId: groupId(group), status }];
  }

  const verdictOf = ({ action }: PermissionQuestion) =>
    denied.has(action) ? "denied" : undecided.has(action) ? "undecided" : "allowed";

  return {
    prospects: {
      permissions: (questions) =>
        calls.read("permissions", () => questions.map((question) => ({ ...question, verdict: verdictOf(question) }))),
      subnets: (asked) => calls.read("subnets", () => known(asked).map(subnetsOf)),
      launchTemplates: (asked) => calls.read("launchTemplates", () => known(asked).flatMap(templatesOf)),
      addOns: () => calls.read("addOns", () => [...addOns.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
      vcpuQuotas: () => calls.read("vcpuQuotas", vcpus.quotas),
      nodeVcpus: (asked) => calls.read("nodeVcpus", () => known(asked).map(vcpus.ofGroup)),
      instanceRefreshes: (asked) => calls.read("instanceRefreshes", () => known(asked).flatMap(refreshesOf)),
    },
    controls: {
      denyActions: (...actions) => {
        denied.clear();
        for (const action of actions) denied.add(action);
      },
      leaveUndecided: (...actions) => actions.forEach((action) => undecided.add(action)),
      setFreeAddresses: (id, addresses) => void freeAddresses.set(id, addresses),
      removeLaunchTemplate: (id) => void removedTemplates.add(id),
      setInstanceRefresh(id, status) {
        if (status === null) refreshes.delete(id);
        else refreshes.set(id, status);
      },
      ...vcpus.controls,
      putAddOn: (addOn) => void addOns.set(addOn.name, { status: "ACTIVE", issues: [], ...addOn }),
    },
  };
}

import type { Lab } from "../index.js";
import { CLUSTERS } from "./workloads.js";

/** `cluster/group` to its size in the emulated cloud. */
export type Sizes = Readonly<Record<string, { readonly min: number; readonly desired: number; readonly max: number }>>;

/** The live sizes of every group. */
export async function sizesOf(lab: Lab): Promise<Sizes> {
  const sizes: Record<string, { min: number; desired: number; max: number }> = {};
  for (const { name, groups } of CLUSTERS) {
    for (const group of groups) {
      const { min, desired, max } = await lab.cluster(name).group(group.name).read();
      sizes[`${name}/${group.name}`] = { min, desired, max };
    }
  }
  return sizes;
}

/** All sizes in one line. */
export function describeSizes(sizes: Sizes): string {
  return Object.entries(sizes)
    .map(([group, { min, desired, max }]) => `${group} ${desired} (${min} to ${max})`)
    .join(", ");
}

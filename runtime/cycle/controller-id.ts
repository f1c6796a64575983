/** What is known of whoever manages a pod. */
interface Controller {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * `Kind namespace/name` of the workload behind a pod's controller. A Deployment's ReplicaSet is named for it with a hash of
 * the template at the end, which saves a read per ReplicaSet; one that somebody made by hand goes by what looks like that.
 */
export function controllerId({ kind, namespace, name }: Controller): string {
  const hashed = kind === "ReplicaSet" ? /^(.+)-[^-]+$/.exec(name)?.[1] : undefined;
  return hashed === undefined ? `${kind} ${namespace}/${name}` : `Deployment ${namespace}/${hashed}`;
}

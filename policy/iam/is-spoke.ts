/** Whether a resource makes the role that the hub assumes in other accounts: Curfew's components for it stand in the URN. */
export const isSpoke = (urn: string): boolean =>
  /::curfew:index:Spoke(Role|Roles)\$|\$curfew:index:Spoke(Role|Roles)\$/.test(urn);

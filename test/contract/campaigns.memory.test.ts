import { createMemoryCampaigns } from "../../runtime/adapters/memory/campaigns.js";
import { describeCampaigns } from "./campaigns.js";

describeCampaigns("memory", () => {
  const campaigns = createMemoryCampaigns(["curfew-campaigns"]);
  return {
    campaigns,
    machine: "curfew-campaigns",
    missing: "other-campaigns",
    succeed: (id, endedAt) => campaigns.finish(id, { status: "succeeded", endedAt, cause: null }),
    fail: (id, endedAt) => campaigns.finish(id, { status: "failed", endedAt, cause: "timed-out" }),
  };
});

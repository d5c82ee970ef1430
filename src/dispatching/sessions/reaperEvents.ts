import type { TimelineEvent } from "../dispatches/timelineEvents.ts"
import type { ReaperAction } from "./ReaperRepo.ts"

export const machineReaped = ({ app, dryRun, machineId, reason }: ReaperAction): TimelineEvent => ({
  type: dryRun ? "reaper_dry_run" : "reaped",
  message: `The reaper ${dryRun ? "would destroy" : "destroys"} machine ${machineId}: ${reason}`,
  facts: { app, machineId }
})

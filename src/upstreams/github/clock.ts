import * as Duration from "effect/Duration"

/** How far GitHub's clock and ours may differ, for each decision that compares times of both. */
export const clockTolerance = {
  /** Whether a job's token is valid: short, as it extends the life of each token. */
  jobToken: Duration.minutes(1),
  /** Which runs may be of a dispatch: long, as the dispatch id decides and an overlooked run may be started twice. */
  runs: Duration.minutes(10),
  /** Whether a pull request is newer than its dispatch: short, as the branch or title of an older one may match too. */
  pullRequests: Duration.minutes(1)
} as const

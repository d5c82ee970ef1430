import type { Mapping } from "../../../src/domain/Mapping.ts"
import { deleteMapping, patchMapping } from "../../data/mappings.ts"
import { words } from "../../strings/mappings.ts"
import { confirm } from "../actions/ask.ts"
import { perform } from "../actions/perform.ts"

export const pauseMapping = (host: EventTarget, { paused, teamKey }: Mapping) =>
  perform(
    host,
    () => patchMapping(teamKey, { paused: !paused }),
    () => (paused ? words.resumedDone(teamKey) : words.pausedDone(teamKey))
  )

export const removeMapping = (host: EventTarget, { owner, repo, teamKey }: Mapping) =>
  confirm(
    host,
    {
      title: words.deleteTitle(teamKey),
      body: words.deleteBody(`${owner}/${repo}`),
      action: words.delete,
      danger: true,
      choice: words.deleteSecrets
    },
    (_, chosen) => deleteMapping(teamKey, chosen ? "delete" : "keep"),
    ({ liveDispatches, secretsLeft }) => words.deleted(teamKey, liveDispatches, secretsLeft)
  )

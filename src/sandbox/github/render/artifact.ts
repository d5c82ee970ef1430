import type { Artifact } from "../State.ts"
import { time } from "./time.ts"

const retentionMillis = 90 * 24 * 60 * 60 * 1000

export const artifact = (base: string, value: Artifact) => {
  const { repository } = value.run
  const url = `${base}/repos/${repository.fullName}/actions/artifacts/${value.id}`
  return {
    id: value.id,
    node_id: `A_${value.id}`,
    name: value.name,
    size_in_bytes: value.zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: value.expired,
    created_at: time(value.createdAt),
    updated_at: time(value.createdAt),
    expires_at: time(value.createdAt + retentionMillis),
    workflow_run: {
      id: value.run.id,
      repository_id: repository.id,
      head_repository_id: repository.id,
      head_branch: value.run.branch,
      head_sha: value.run.headSha
    }
  }
}

import type { Comment } from "../State.ts"
import { time } from "./time.ts"
import { user } from "./user.ts"

export const comment = (base: string, value: Comment) => {
  const { fullName, collaborators } = value.pull.repository
  const issue = `${base}/repos/${fullName}/issues/${value.pull.number}`
  const bot = value.author.endsWith("[bot]")
  return {
    id: value.id,
    node_id: `IC_${value.id}`,
    url: `${base}/repos/${fullName}/issues/comments/${value.id}`,
    html_url: `${base}/${fullName}/pull/${value.pull.number}#issuecomment-${value.id}`,
    issue_url: issue,
    body: value.body,
    user: user(base, value.author, bot ? "Bot" : "User"),
    created_at: time(value.createdAt),
    updated_at: time(value.updatedAt),
    author_association: collaborators.has(value.author) ? "COLLABORATOR" : "NONE",
    performed_via_github_app: null
  }
}

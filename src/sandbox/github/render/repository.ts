import type { Repository } from "../State.ts"
import { time } from "./time.ts"
import { user } from "./user.ts"

const links = {
  archive: "{archive_format}{/ref}",
  assignees: "{/user}",
  "blobs:git/blobs": "{/sha}",
  branches: "{/branch}",
  collaborators: "{/collaborator}",
  comments: "{/number}",
  commits: "{/sha}",
  compare: "/{base}...{head}",
  contents: "/{+path}",
  contributors: "",
  deployments: "",
  downloads: "",
  events: "",
  forks: "",
  "git_commits:git/commits": "{/sha}",
  "git_refs:git/refs": "{/sha}",
  "git_tags:git/tags": "{/sha}",
  hooks: "",
  "issue_comment:issues/comments": "{/number}",
  "issue_events:issues/events": "{/number}",
  issues: "{/number}",
  keys: "{/key_id}",
  labels: "{/name}",
  languages: "",
  merges: "",
  milestones: "{/number}",
  notifications: "{?since,all,participating}",
  pulls: "{/number}",
  releases: "{/id}",
  stargazers: "",
  statuses: "/{sha}",
  subscribers: "",
  subscription: "",
  tags: "",
  teams: "",
  "trees:git/trees": "{/sha}"
}

export const repository = (base: string, repo: Repository) => {
  const url = `${base}/repos/${repo.fullName}`
  const html = `${base}/${repo.fullName}`
  return {
    id: repo.id,
    node_id: `R_${repo.id}`,
    name: repo.name,
    full_name: repo.fullName,
    owner: user(base, repo.owner),
    private: true,
    visibility: "private",
    html_url: html,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(
      Object.entries(links).map(([key, template]) => {
        const [name = key, path = name] = key.split(":")
        return [`${name}_url`, `${url}/${path}${template}`]
      })
    ),
    clone_url: `${html}.git`,
    git_url: `${html}.git`,
    ssh_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repo.defaultBranch,
    archived: repo.archived,
    disabled: false,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    size: 1,
    created_at: time(repo.createdAt),
    updated_at: time(repo.createdAt),
    pushed_at: time(repo.createdAt)
  }
}

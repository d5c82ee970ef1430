import type { IssueLabel, Team, User, Webhook, WorkflowState } from "../entities.ts"
import { known, statesOf, type Store } from "../Store.ts"
import { none, type View, type Views } from "./View.ts"

export const organizationView = (views: Views): View => {
  const { store } = views
  return {
    ...store.organization,
    ...none("logoUrl", "deletionRequestedAt", "trialStartsAt", "trialEndsAt"),
    userCount: store.users.size,
    createdIssueCount: store.issues.size,
    get users() {
      return [...store.users.values()].map(views.user)
    },
    get teams() {
      return [...store.teams.values()].map(views.team)
    },
    get labels() {
      return [...store.labels.values()].filter(({ teamId }) => teamId === null).map(views.label)
    }
  }
}

export const userUrl = (store: Store, { id }: Pick<User, "id">) =>
  `https://linear.app/${store.organization.urlKey}/profiles/${id.slice(0, 8)}`

export const userView = (views: Views, user: User): View => {
  const { store } = views
  const issues = (key: "assigneeId" | "creatorId") =>
    [...store.issues.values()].filter((issue) => issue[key] === user.id).map(views.issue)
  return {
    ...none(
      "avatarUrl",
      "calendarHash",
      "description",
      "disableReason",
      "gitHubUserId",
      "lastSeen",
      "statusEmoji",
      "statusLabel",
      "statusUntilAt",
      "timezone",
      "title"
    ),
    ...user,
    displayName: user.email.split("@")[0] ?? user.name,
    initials: user.name
      .split(" ")
      .map((word) => word.charAt(0))
      .join(""),
    url: userUrl(store, user),
    avatarBackgroundColor: "#5e6ad2",
    inviteHash: "",
    active: true,
    admin: false,
    owner: false,
    guest: false,
    isMe: user.id === views.viewerId,
    isAssignable: !user.app,
    isMentionable: true,
    supportsAgentSessions: false,
    canAccessAnyPublicTeam: true,
    get createdIssueCount() {
      return issues("creatorId").length
    },
    get assignedIssues() {
      return issues("assigneeId")
    },
    get createdIssues() {
      return issues("creatorId")
    },
    get teams() {
      return [...store.teams.values()].map(views.team)
    },
    get organization() {
      return views.organization()
    }
  }
}

export const teamView = (views: Views, team: Team): View => {
  const { store } = views
  const of = <Row extends { readonly teamId: string | null }>(rows: Map<string, Row>) =>
    [...rows.values()].filter(({ teamId }) => teamId === team.id)
  return {
    ...none("color", "description", "icon", "parent", "retiredAt", "activeCycle", "autoClosePeriod"),
    ...team,
    displayName: team.name,
    private: false,
    triageEnabled: true,
    cyclesEnabled: false,
    timezone: "Etc/UTC",
    issueEstimationType: "notUsed",
    get issueCount() {
      return of(store.issues).length
    },
    get states() {
      return statesOf(store, team.id).map(views.state)
    },
    get labels() {
      return of(store.labels).map(views.label)
    },
    get issues() {
      return of(store.issues).map(views.issue)
    },
    get members() {
      return [...store.users.values()].map(views.user)
    },
    get organization() {
      return views.organization()
    }
  }
}

export const stateView = (views: Views, state: WorkflowState): View => ({
  ...none("description", "inheritedFrom"),
  ...state,
  get team() {
    return views.team(known(views.store.teams, state.teamId))
  },
  get issues() {
    return [...views.store.issues.values()].filter(({ stateId }) => stateId === state.id).map(views.issue)
  }
})

export const labelView = (views: Views, label: IssueLabel): View => ({
  ...none("inheritedFrom", "lastAppliedAt", "retiredBy"),
  ...label,
  isGroup: label.groupType !== null,
  get parent() {
    return label.parentId === null ? null : views.label(known(views.store.labels, label.parentId))
  },
  get children() {
    return [...views.store.labels.values()].filter(({ parentId }) => parentId === label.id).map(views.label)
  },
  get team() {
    return label.teamId === null ? null : views.team(known(views.store.teams, label.teamId))
  },
  get creator() {
    return views.userById(label.creatorId)
  },
  get issues() {
    return [...views.store.issues.values()]
      .filter(({ labelIds }) => labelIds.includes(label.id))
      .map(views.issue)
  },
  get organization() {
    return views.organization()
  }
})

// The secret is shown to its creator once, by the answer to the creation.
export const webhookView = (views: Views, { secret: _, ...webhook }: Webhook): View => ({
  ...none("secret", "team", "teamIds"),
  ...webhook,
  failures: [],
  get creator() {
    return views.userById(webhook.creatorId)
  }
})

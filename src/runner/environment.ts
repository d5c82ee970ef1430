import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Phase } from "../domain/Modes.ts"

/** Names and values of the process, undefined where a name is not set. */
export type Variables = Readonly<Record<string, string | undefined>>

export interface User {
  readonly uid: number
  readonly gid: number
}

/** Where the program runs and what it was given; read once, at its start. */
export interface Environment {
  readonly variables: Variables
  /** Null: there is no callback, and the inputs hold the context. */
  readonly url: string | null
  readonly dispatchId: string
  readonly inputs: Readonly<Record<string, string>>
  /** Folders that the jobs hand on: `context`, `result`, `report`. */
  readonly contextDir: string
  readonly resultDir: string
  readonly reportDir: string
  /** Checkout of the dispatched ref. */
  readonly trustedDir: string
  /** Work tree of the agent. */
  readonly workDir: string
  readonly gitUrl: string
  readonly apiUrl: string
  /** The machine's own token. */
  readonly token: string | null
  /** Pushes where there is no callback. */
  readonly repositoryToken: string | null
  readonly questionsToken: string | null
  /** The agent and the hooks run as this user; null: as ours. */
  readonly agentUser: User | null
  readonly agentHome: string | null
  readonly agentCommand: string
  /** How the agent's job ended, as GitHub says it. */
  readonly agentResult: string | null
  readonly phase: Phase | null
  readonly awsRole: string | null
  readonly bot: { readonly name: string; readonly email: string }
  readonly outputFile: string | null
  readonly eventFile: string | null
  readonly runUrl: string | null
  readonly jobToken: { readonly url: string; readonly token: string } | null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const inputsOf = (text: string): Record<string, string> => {
  if (text === "") return {}
  const parsed: unknown = JSON.parse(text)
  if (!isRecord(parsed)) return {}
  return Object.fromEntries(
    Object.entries(parsed).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, String(value)] as const]
    )
  )
}

const number = (text: string | undefined) =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null

const given = (text: string | undefined) => (text === undefined || text === "" ? null : text)

const defaultBot = { name: "ai-implement[bot]", email: "ai-implement[bot]@users.noreply.github.com" }
const actionsBot = {
  name: "github-actions[bot]",
  email: "41898282+github-actions[bot]@users.noreply.github.com"
}

const phaseOf = (text: string | undefined): Phase | null =>
  text === "planning" || text === "implementation" ? text : null

const noTrailingSlash = (url: string) => url.replace(/\/+$/, "")

/** Throws when `AI_IMPLEMENT_INPUTS` is no JSON. */
export const environmentOf = (variables: Variables): Environment => {
  const inputs = inputsOf(variables["AI_IMPLEMENT_INPUTS"] ?? "")
  const url = given(variables["AI_IMPLEMENT_URL"]) ?? given(inputs["callback_url"])
  const files =
    given(variables["AI_IMPLEMENT_FILES"]) ??
    join(given(variables["RUNNER_TEMP"]) ?? tmpdir(), "ai-implement")
  const workspace = given(variables["GITHUB_WORKSPACE"]) ?? join(files, "workspace")
  const uid = number(variables["AI_IMPLEMENT_AGENT_UID"])
  const server = noTrailingSlash(
    given(variables["AI_IMPLEMENT_GIT_URL"]) ?? given(variables["GITHUB_SERVER_URL"]) ?? "https://github.com"
  )
  const runId = given(variables["GITHUB_RUN_ID"])
  const idTokenUrl = given(variables["ACTIONS_ID_TOKEN_REQUEST_URL"])
  const idToken = given(variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
  const botName = given(variables["AI_IMPLEMENT_BOT_NAME"])
  const botEmail = given(variables["AI_IMPLEMENT_BOT_EMAIL"])
  const ownBot = url === null && given(variables["AI_IMPLEMENT_REPOSITORY_TOKEN"]) !== null
  return {
    variables,
    url: url === null ? null : noTrailingSlash(url),
    dispatchId: given(variables["AI_IMPLEMENT_DISPATCH_ID"]) ?? inputs["dispatch_id"] ?? "",
    inputs,
    contextDir: join(files, "context"),
    resultDir: join(files, "result"),
    reportDir: join(files, "report"),
    trustedDir: given(variables["AI_IMPLEMENT_TRUSTED"]) ?? join(workspace, "trusted"),
    workDir: given(variables["AI_IMPLEMENT_WORK"]) ?? join(workspace, "work"),
    gitUrl: server,
    apiUrl: noTrailingSlash(
      given(variables["AI_IMPLEMENT_GITHUB_API_URL"]) ??
        given(variables["GITHUB_API_URL"]) ??
        "https://api.github.com"
    ),
    token: given(variables["AI_IMPLEMENT_TOKEN"]),
    repositoryToken: given(variables["AI_IMPLEMENT_REPOSITORY_TOKEN"]),
    questionsToken: given(variables["AI_IMPLEMENT_QUESTIONS_TOKEN"]),
    agentUser: uid === null ? null : { uid, gid: number(variables["AI_IMPLEMENT_AGENT_GID"]) ?? uid },
    agentHome: given(variables["AI_IMPLEMENT_AGENT_HOME"]),
    agentCommand: given(variables["AI_IMPLEMENT_AGENT"]) ?? "claude",
    agentResult: given(variables["AI_IMPLEMENT_AGENT_RESULT"]),
    phase: phaseOf(variables["AI_IMPLEMENT_PHASE"]),
    awsRole: given(variables["AI_IMPLEMENT_AWS_ROLE"]),
    bot:
      botName !== null && botEmail !== null
        ? { name: botName, email: botEmail }
        : ownBot
          ? actionsBot
          : defaultBot,
    outputFile: given(variables["GITHUB_OUTPUT"]),
    eventFile: given(variables["GITHUB_EVENT_PATH"]),
    runUrl: runId === null ? null : `${server}/${variables["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${runId}`,
    jobToken: idTokenUrl === null || idToken === null ? null : { url: idTokenUrl, token: idToken }
  }
}

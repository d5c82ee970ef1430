import { type Finding, failed, missingToPush, passed } from "./finding.ts"

export interface MachineFacts {
  /** Settings without which no machine can be made. */
  readonly missing: ReadonlyArray<string>
  readonly app: string | null
  /** Why Fly does not show the app; null when it does, or was not called. */
  readonly refusal: string | null
  /** Why Fly could not be called. */
  readonly fault: string | null
}

const ofToken = (permissions: Readonly<Record<string, string>>) => {
  const missing = missingToPush(permissions)
  return missing.length === 0
    ? passed("Machine permissions", "The App may push branches and open pull requests.")
    : failed(
        "Machine permissions",
        `The App lacks ${missing.join(", ")}, which session machines need.`,
        "Grant it in the App's settings, then accept it for the installation.",
        { phase: "implementation", _tag: "permission_missing" }
      )
}

const ofApp = ({ app, fault, missing, refusal }: MachineFacts) => {
  if (missing.length > 0) {
    return failed(
      "Session machines",
      `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set, so no machine can be made.`,
      "Set what is missing and restart.",
      { phase: "implementation", _tag: "not_configured" }
    )
  }
  if (fault !== null) return failed("Session machines", fault, "Nothing is concluded from that.")
  return refusal === null
    ? passed("Session machines", `Fly shows the app ${app ?? ""}.`)
    : failed("Session machines", refusal, "Correct FLY_SESSIONS_APP or FLY_SESSIONS_TOKEN and restart.", {
        phase: "implementation",
        _tag: "fly_app_refused"
      })
}

/** Implementations on Fly: the app of the machines, and what their token may do in the repository. */
export const assessMachines = (
  facts: MachineFacts,
  permissions: Readonly<Record<string, string>> | null
): ReadonlyArray<Finding> => [ofApp(facts), ...(permissions === null ? [] : [ofToken(permissions)])]

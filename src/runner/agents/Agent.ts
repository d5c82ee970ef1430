import type { ModelCredential } from "../credentials.ts"

/** What an agent is asked to do, in the words of none. */
export interface Task {
  readonly prompt: string
  readonly model: string | null
  readonly effort: string | null
  readonly maxTurns: number | null
  readonly maxBudgetUsd: number | null
  /** Reads and runs nothing that changes the work tree. */
  readonly readOnly: boolean
  readonly sessionId: string
  /** Address of the tool `ask_human`. */
  readonly questionsUrl: string | null
  readonly asRoot: boolean
}

export interface Launch {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly stdin: string
}

/** Zero and null where the agent did not say. */
export interface Usage {
  readonly model: string | null
  readonly costUsd: number | null
  readonly tokens: number
  readonly turns: number
  /** Tool calls that were denied, each as one line. */
  readonly permissionDenials: ReadonlyArray<string>
  readonly sessionId: string | null
}

export type Ending = "finished" | "turn_cap" | "budget_cap" | "credential_refused" | "failed"

export interface Ended {
  readonly ending: Ending
  /** The last message of the agent. */
  readonly text: string
  /** Why it did not finish. */
  readonly message: string
  readonly usage: Usage
}

/** Reads the output of one run, line by line. */
export interface Reader {
  /** Lines for the log. */
  readonly line: (text: string) => ReadonlyArray<string>
  /** The credential is refused: waiting longer changes nothing. */
  readonly isRefused: () => boolean
  readonly ended: (exitCode: number | null) => Ended
}

/** An agent's command line, as values: how it is started and what its output means. */
export interface Agent {
  readonly name: string
  readonly launch: (task: Task, command: string, credential: ModelCredential) => Launch
  readonly reader: (credential: ModelCredential) => Reader
}

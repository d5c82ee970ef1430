import * as Schema from "effect/Schema"

/**
 * What a repository has at the path of a template. `older`: unchanged, from another version or other settings;
 * `modified`: changed by someone; `foreign`: without our header, so never replaced.
 */
export const TemplateState = Schema.Literals(["missing", "current", "older", "modified", "foreign"])
export type TemplateState = typeof TemplateState.Type

/** A file for a target repository. `seeded`: added only where it is missing, since people edit it. */
export const TemplateFile = Schema.Struct({
  path: Schema.String,
  content: Schema.String,
  seeded: Schema.Boolean
}).annotate({ identifier: "TemplateFile" })
export type TemplateFile = typeof TemplateFile.Type

/** What a sync of the templates did. `up-to-date`: the branch has every file, or the open pull request proposes it. */
export const WorkflowSync = Schema.Struct({
  result: Schema.Literals(["up-to-date", "pr-opened", "pr-updated"]),
  pullRequest: Schema.NullOr(Schema.Struct({ number: Schema.Int, url: Schema.String })),
  /** The files of the pull request, and what the base branch has in their place. */
  files: Schema.Array(Schema.Struct({ path: Schema.String, was: TemplateState })),
  /** Files without our header: they were not changed. `workflowFile`: a free name for the mapping. */
  leftAlone: Schema.Array(Schema.Struct({ path: Schema.String, workflowFile: Schema.NullOr(Schema.String) })),
  /** What else has to be known; null: nothing. */
  note: Schema.NullOr(Schema.String)
}).annotate({ identifier: "WorkflowSync" })
export type WorkflowSync = typeof WorkflowSync.Type

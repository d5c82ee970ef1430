const command = /^\/ai-implement(?=\s|$)/

/** What a comment on a pull request asks for after `/ai-implement`; null when it does not begin with it. */
export const askedIn = (comment: string) =>
  command.test(comment) ? comment.replace(command, "").trim() : null

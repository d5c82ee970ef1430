/** Asks the shell to say something: what was done, or why it was not. */
export class NoticeEvent extends Event {
  static readonly type = "app-notice"
  readonly text: string
  readonly tone: "done" | "failed"

  constructor(text: string, tone: "done" | "failed") {
    super(NoticeEvent.type, { bubbles: true, composed: true })
    this.text = text
    this.tone = tone
  }
}

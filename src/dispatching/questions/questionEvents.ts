import type { TimelineEvent } from "../dispatches/timelineEvents.ts"

export const questionAsked: TimelineEvent = {
  type: "question_asked",
  message: "The run asked a question and waits for the answer"
}

export const questionAnswered = (by: string): TimelineEvent => ({
  type: "question_answered",
  message: `${by} answered`,
  actor: by
})

export const questionUnanswered: TimelineEvent = {
  type: "question_unanswered",
  message: "No one answered in time"
}

export const questionClosed: TimelineEvent = {
  type: "question_closed",
  message: "The run has ended; its question is closed"
}

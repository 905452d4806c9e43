import type { Touched, TraceRecorder } from "../trace/recorder.ts";
import { SpanList } from "../trace/span-list.ts";
import type { ValuePath } from "../trace/value-path.ts";

/** What a frame keeps while it is traced. */
export class FrameTrace {
  readonly recorder: TraceRecorder;
  readonly spans = new SpanList();
  /** Where dot comes from, when it is no container and so cannot be looked up. */
  dotPath: ValuePath | undefined;
  /** What the expressions behind variables touched, by slot. */
  readonly variables: (Touched | undefined)[] = [];

  constructor(recorder: TraceRecorder) {
    this.recorder = recorder;
  }
}

import type { TraceRecorder } from "../trace/recorder.ts";
import { SpanList } from "../trace/span-list.ts";
import type { Touched } from "../trace/touched.ts";

/** What a frame keeps while it is traced. */
export class FrameTrace {
  readonly recorder: TraceRecorder;
  readonly spans = new SpanList();
  /** What is behind dot, when it is no container and so cannot be looked up. */
  dotTouched: Touched | undefined;
  /** What the expressions behind variables touched, by slot. */
  readonly variables: (Touched | undefined)[] = [];

  constructor(recorder: TraceRecorder) {
    this.recorder = recorder;
  }
}

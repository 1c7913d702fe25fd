import { RunTerminated } from "../errors.ts";

/** Tells a run that the process was asked to stop. */
export interface Termination extends Disposable {
  readonly signal: AbortSignal;
  /** Lets the process end the way it would have without us, once the run has reported. */
  resume(): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Holds back SIGTERM and SIGINT until disposed; a second one ends the process at once. */
export function listenForTermination(): Termination {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stopListening = () => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  const onSignal = (name: NodeJS.Signals) => {
    received = name;
    stopListening();
    controller.abort(RunTerminated(name));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    resume: () => {
      if (received) process.kill(process.pid, received);
    },
    [Symbol.dispose]: stopListening,
  };
}

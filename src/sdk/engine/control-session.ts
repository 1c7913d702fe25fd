import { connect } from "node:net";
import { takeControlEnvironment } from "../../settings/run-environment.ts";

const CANCEL = "c";
const NOTED = "a";

/**
 * Listens to whoever supervises this process: `onCancel` is called when the run is cancelled, before the signal that ends
 * it comes. Nothing happens where nobody supervises, or nobody answers.
 */
export function joinControlSession(onCancel: () => void): Disposable {
  const control = takeControlEnvironment();
  if (control === undefined) return { [Symbol.dispose]: () => undefined };
  const socket = connect({ host: "127.0.0.1", port: control.port });
  socket.on("error", () => undefined);
  socket.write(`${control.token}\n`);
  socket.on("data", (data) => {
    if (!data.toString("latin1").includes(CANCEL)) return;
    onCancel();
    socket.write(NOTED);
  });
  // It must not keep the process when the run has ended.
  socket.unref();
  return { [Symbol.dispose]: () => void socket.destroy() };
}

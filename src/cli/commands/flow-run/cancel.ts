import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument } from "../../flags.ts";

export const cancel = command({
  summary: "Cancel a flow run.",
  args: { id: idArgument("Id of the flow run.") },
  async run(context, { args: { id } }) {
    const client = await context.client();

    const request = client.flowRuns.setState(id, { type: "CANCELLING", name: "Cancelling" });
    const { status, details } = await orNotFound(request, `Flow run '${id}' not found!`);

    if (status === "ABORT") {
      throw CommandFailed(
        `Flow run '${id}' was unable to be cancelled. Reason: '${("reason" in details && details.reason) || "not given"}'`,
      );
    }
    context.out.success(`Flow run '${id}' was successfully scheduled for cancellation.`);
  },
});

import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { optionalIdArgument } from "../../flags.ts";
import { prepareUserCode } from "../../user-code/prepare.ts";

export const execute = command({
  summary: "Carry out a flow run in this process.",
  details: "Exits with 0 when the state of the run was reported, whatever it is.",
  args: { id: optionalIdArgument("Id of the flow run; PREFECT__FLOW_RUN_ID when left out.") },
  async run(context, { args }) {
    const id = args.id ?? context.inputs.env.PREFECT__FLOW_RUN_ID;
    if (!id) throw CommandFailed("No flow run: pass its id, or set PREFECT__FLOW_RUN_ID.");
    prepareUserCode(context);
    context.leaveSignals();
    // The engine is a program of its own, which finds the id where its own command line has it.
    process.argv.splice(2, Number.POSITIVE_INFINITY, id);
    await import("../../../sdk/engine/main.ts");
  },
});

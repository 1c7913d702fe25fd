import {
  type ClaimedAction,
  claimActions,
  deleteQueuedAction,
  renewActionClaim,
} from "../../../db/repositories/action-queue.ts";
import { addSeconds } from "../../../kit/timestamp.ts";
import type { ServerContext } from "../../context.ts";
import { ActionClaimLost } from "../../errors.ts";
import { giveActionUp, performAction } from "./perform-action.ts";

/** Actions that are taken at once. */
const BATCH_SIZE = 20;
/** An action whose server has died is taken over after this. */
const CLAIM_SECONDS = 10;
const RENEW_MS = 3000;
/** Then an action that keeps failing for no reason of its own is given up. */
const MAX_ATTEMPTS = 5;

/** Carries out the actions that wait, and gives how many there were. */
export async function executeActions(ctx: ServerContext): Promise<number> {
  let total = 0;
  for (;;) {
    const now = ctx.clock.now();
    const times = { now, until: addSeconds(now, CLAIM_SECONDS) };
    const claims = await ctx.db.write((tx) => claimActions(tx, times, BATCH_SIZE));
    const firings = Map.groupBy(claims, ({ action }) => action.firing.id);
    await Promise.all([...firings.values()].map((ofOne) => executeInOrder(ctx, ofOne)));
    total += claims.length;
    if (claims.length < BATCH_SIZE) return total;
  }
}

/** What one firing asks for is done one after the other: a run may be cancelled, and then deleted. */
async function executeInOrder(ctx: ServerContext, claims: readonly ClaimedAction[]): Promise<void> {
  const renewals = new Map(claims.map((claim) => [claim, keepClaimed(ctx, claim)]));
  try {
    for (const claim of claims) {
      await execute(ctx, claim);
      renewals.get(claim)?.();
    }
  } finally {
    for (const stop of renewals.values()) stop();
  }
}

async function execute(ctx: ServerContext, claim: ClaimedAction): Promise<void> {
  const { action, attempt } = claim;
  try {
    await performAction(ctx, action, async (tx) => {
      if (!(await deleteQueuedAction(tx, action.id))) throw ActionClaimLost();
    });
  } catch (error) {
    if (ActionClaimLost.is(error)) return;
    ctx.log.error({ err: error, action: action.id, attempt }, "an action of an automation could not be carried out");
    if (attempt >= MAX_ATTEMPTS) await giveUp(ctx, claim);
  }
}

async function giveUp(ctx: ServerContext, { action }: ClaimedAction): Promise<void> {
  await giveActionUp(ctx, action, {
    reason: `Unexpected status from '${action.action.type}' action: 500`,
    finish: async (tx) => {
      await deleteQueuedAction(tx, action.id);
    },
  });
}

/** Others leave the action alone as long as this server renews its claim. */
function keepClaimed(ctx: ServerContext, claim: ClaimedAction): () => void {
  let held = claim;
  const renew = async () => {
    const until = addSeconds(ctx.clock.now(), CLAIM_SECONDS);
    const isHeld = await ctx.db.write((tx) => renewActionClaim(tx, held, until));
    if (isHeld) held = { ...held, until };
  };
  const timer = setInterval(() => {
    renew().catch((error) => ctx.log.warn({ err: error }, "the claim to an action could not be renewed"));
  }, RENEW_MS);
  return () => clearInterval(timer);
}

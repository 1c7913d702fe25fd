import type { Service } from "../services.ts";

/** Every background service, in the order they are started. */
export const services: readonly Service[] = [];

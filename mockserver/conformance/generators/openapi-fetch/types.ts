// Compiled, and never run: values that the contract does not allow have no type, and what it leaves open has one.

import type { components, operations } from "./contract";

type Schemas = components["schemas"];
type Order = Schemas["OrderInput"];

// @ts-expect-error: SHA-256 is the only hash
export const hash: Schemas["SignatureHashInput"] = "sha1";

// @ts-expect-error: qscd belongs to other products
export const method: Order["cs_provisioning_method"] = "qscd";

// @ts-expect-error: a shipping address needs its second line, if only an empty one
export const address: Schemas["ShipInfoInput"] = { name: "", addr1: "", city: "", state: "", zip: "", country: "", method: "STANDARD" };

// @ts-expect-error: an order needs an organization
export const organization: Order["organization"] = undefined;

// @ts-expect-error: amounts are strings, so that no program calculates with floating point
export const amount: number = (null as unknown as Schemas["Balance"]).balance;

// @ts-expect-error: a reason of RFC 5280 that the vendor does not take
export const reason: Schemas["RevocationReason"] = "certificateHold";

// @ts-expect-error: there is no such filter
export const filter: NonNullable<operations["listOrders"]["parameters"]["query"]> = { "filters[color]": ["red"] };

// A state that no page lists.
export const state: Schemas["OrderStatus"] = "needs_csr";

// Calls as a TypeScript program would write them, against types that are generated from the published contract. They
// are only compiled: the test is whether the contract describes all that a program needs.

import type { components, operations } from "./generated/certcentral.js";

type Schemas = components["schemas"];
type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type RequestOf<Name extends keyof operations> = operations[Name] extends { requestBody: infer Body } ? Json<Body> : never;
type Responses<Name extends keyof operations> = operations[Name]["responses"];
type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

/** A refusal, with every reason that the service gave. */
class Refused extends Error {
  constructor(readonly status: number, readonly reasons: Schemas["ErrorReason"][]) {
    super(reasons.map((reason) => reason.code).join(", "));
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`https://certcentral.digicert.eu/services/v2${path}`, {
    method,
    headers: { "X-DC-DEVKEY": "key", "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    const envelope = (await response.json()) as Schemas["ErrorEnvelope"];
    throw new Refused(response.status, envelope.errors);
  }
  return (await response.json()) as T;
}

// The vendor's first example, its commas repaired: ids are strings in one place and numbers in another.
const order: RequestOf<"orderPkioOrganisationPerson"> = {
  certificate: {
    signature_hash: "sha256",
    profile_option: "encryption",
    is_rsassa_pss: true,
    individual: {
      first_name: "John",
      last_name: "Doe",
      email: "john.doe@example.com",
      telephone: "+18018308989",
      country: "ch",
      city: "Berlin",
      state: "Switzerland",
      zip: "3030",
    },
  },
  csa_agreed_to: true,
  cs_provisioning_method: "token",
  ship_info: {
    name: "John Doe",
    addr1: "534 Jefferson Street",
    addr2: "Floor 94",
    city: "Bern",
    state: "Switzerland",
    zip: "3030",
    country: "c",
    method: "STANDARD",
  },
  organization: {
    id: "1920073",
    contacts: [
      { contact_type: "verified_contact", user_id: 4313813, job_title: "Authentication Engineer" },
      { contact_type: "organization_contact", user_id: 4313912, id: 4313912, type: "existing_contact" },
    ],
  },
  order_validity: { years: 1 },
  payment_method: "balance",
};

export async function placeAndRead(): Promise<string> {
  const placed = await call<Json<Responses<"orderPkioOrganisationPerson">[201]>>(
    "POST", "/order/certificate/pkio_organisation_person", order,
  );
  // The certificate has no id while the order waits for an approval.
  const certificate: number | undefined = placed.certificate_id;
  const waiting: boolean = placed.requests?.some((request) => request.status === "pending") ?? false;
  const read = await call<Json<Responses<"getOrder">[200]>>("GET", `/order/certificate/${placed.id}`);
  const status: Schemas["OrderStatus"] = read.status;
  return `${read.id} ${certificate ?? "-"} ${waiting} ${status} ${read.certificate.individual?.first_name ?? "-"}`;
}

export async function pages(): Promise<number> {
  const query: QueryOf<"listOrders"> = {
    limit: 50,
    sort: "-date_created",
    "filters[status]": ["pending", "issued"],
    "filters[date_created]": ["2026-11-01...2026-11-30"],
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      parameters.append(name, String(one));
    }
  }
  const page = await call<Json<Responses<"listOrders">[200]>>("GET", `/order/certificate?${parameters}`);
  return page.page.total + page.orders.length;
}

export async function revokeWhatWasOrdered(id: number): Promise<string[]> {
  const chain = await call<Json<Responses<"getCertificateChain">[200]>>("GET", `/certificate/${id}/chain`);
  const reason: RequestOf<"revokeCertificate"> = { revocation_reason: "superseded", skip_approval: true };
  await call("PUT", `/certificate/${id}/revoke`, reason);
  return chain.intermediates.map((link) => link.subject_common_name);
}

export async function withoutFunds(): Promise<boolean> {
  try {
    await placeAndRead();
    return false;
  } catch (error) {
    return error instanceof Refused && error.status === 400 &&
      error.reasons.some((reason) => reason.code === "insufficient_funds");
  }
}

// These values are not in the contract, so they do not compile.

// @ts-expect-error: SHA-256 is the only hash
export const hash: Schemas["SignatureHashInput"] = "sha1";

// @ts-expect-error: qscd belongs to other products
export const method: RequestOf<"orderPkioOrganisationPerson">["cs_provisioning_method"] = "qscd";

// @ts-expect-error: a shipping address needs its second line, if only an empty one
export const address: Schemas["ShipInfoInput"] = { name: "", addr1: "", city: "", state: "", zip: "", country: "", method: "STANDARD" };

// @ts-expect-error: an order needs an organization
export const incomplete: RequestOf<"orderPkioOrganisationPerson"> = { ...order, organization: undefined };

// @ts-expect-error: amounts are strings, so that no program calculates with floating point
export const amount: number = (null as unknown as Schemas["Balance"]).balance;

// @ts-expect-error: a reason of RFC 5280 that the vendor does not take
export const reason: Schemas["RevocationReason"] = "certificateHold";

// @ts-expect-error: there is no such filter
export const filter: QueryOf<"listOrders"> = { "filters[color]": ["red"] };

// What an answer leaves open does compile: a state that no page lists.
export const state: Schemas["OrderStatus"] = "needs_csr";

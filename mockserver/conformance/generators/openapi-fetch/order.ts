// Uses the types that openapi-typescript generated, through openapi-fetch.

import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

type Order = components["schemas"]["OrderInput"];

const client = createClient<paths>({
  baseUrl: `${process.env["MOCK_URL"]}/services/v2`,
  headers: { "X-DC-DEVKEY": "openapi-fetch" },
});

function expect<T>(value: T | undefined, what: string, error?: unknown): T {
  if (value === undefined) {
    throw new Error(`${what}: ${JSON.stringify(error)}`);
  }
  return value;
}

const example = (name: string): Order =>
  JSON.parse(readFileSync(`${process.env["EXAMPLES"]}/orderPkioOrganisationPerson.${name}.request.json`, "utf8"));

// What a program has to write: no member that has a default, and nothing that the contract leaves open.
const written: Order = {
  certificate: {
    signature_hash: "sha256",
    profile_option: "encryption",
    individual: {
      first_name: "Jane",
      last_name: "Roe",
      email: "jane.roe@example.com",
      telephone: "+31 70 000 0000",
      country: "nl",
      zip: "2515 AA",
    },
  },
  csa_agreed_to: true,
  cs_provisioning_method: "token",
  ship_info: {
    name: "Jane Roe",
    addr1: "Stationsplein 1",
    addr2: "",
    city: "Den Haag",
    state: "Zuid-Holland",
    zip: "2515 AA",
    country: "nl",
    method: "STANDARD",
  },
  organization: { id: 1920073, contacts: [{ contact_type: "verified_contact", user_id: 4313813 }] },
  payment_method: "balance",
};

let id = 0;
for (const body of [example("vendor_new_individual"), example("card_and_days"), example("new_organization"), written]) {
  const { data, error } = await client.POST("/order/certificate/pkio_organisation_person", { body });
  id = expect(data, "order", error).id;
}

const params = { path: { order_id: String(id) } };
let status = "";
for (let tries = 0; tries < 100 && status !== "issued"; tries++) {
  const { data, error } = await client.GET("/order/certificate/{order_id}", { params });
  status = expect(data, "read", error).status;
  await new Promise((resolve) => setTimeout(resolve, 100)); // the certificate is made in the background
}
if (status !== "issued") {
  throw new Error(`the order is ${status}`);
}

const { data: list, error: unlisted } = await client.GET("/order/certificate", {
  params: { query: { "filters[status]": ["issued"] } },
});
// A list has a type: openapi-fetch would give "a list or a text" when the contract had CSV beside JSON.
const ids: number[] = expect(list, "list", unlisted).orders.map((order) => order.id);
if (!ids.includes(id)) {
  throw new Error(`order ${id} is not in the list`);
}

const { error: refusal } = await client.POST("/order/certificate/pkio_organisation_person", {
  body: { ...written, organization: { id: 1, contacts: [] } },
});
if (expect(refusal, "a refusal").errors[0]?.code === undefined) {
  throw new Error(`a refusal without a code: ${JSON.stringify(refusal)}`);
}

const { data: file, error: missing } = await client.GET("/certificate/download/order/{order_id}", { params, parseAs: "arrayBuffer" });
if (expect(file, "download", missing).byteLength === 0) {
  throw new Error("the certificate is empty");
}

// Uses a generated client as a program would: see ../run.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { connect } from "./api";
import { Refused, type Summary } from "./client";
import { incomplete, written } from "./written";

const { MOCK_URL, RECORDED_URL, EXAMPLES = "", RECORDED = "" } = process.env;

const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

const client = connect(`${MOCK_URL}/services/v2`);
for (const name of ["vendor_new_individual", "vendor_existing_individual"]) {
  await client.order(client.parse(json(`${EXAMPLES}/orderPkioOrganisationPerson.${name}.request.json`)));
}
const id = await client.order(written);

let order = await client.read(id);
for (let tries = 0; tries < 100 && order.status !== "issued"; tries++) {
  await setTimeout(100); // the certificate is made in the background
  order = await client.read(id);
}
assert.deepEqual(order, { id, status: "issued", product: "pkio_organisation_person", organization: "Roe B.V." });

const list = await client.list("issued");
assert(list.some((item) => item.id === id));
assert(list.every((item) => item.status === "issued"));

await assert.rejects(
  client.order(incomplete),
  (error) => error instanceof Refused && error.status === 400 && error.codes.includes("missing_field|billing_address"),
);

const file = await client.download(id);
assert.equal(Buffer.from(file.subarray(0, 2)).toString(), "PK"); // a ZIP

// Answers that the real service was recorded with, of other products and in states that the contract does not list.
const summary = (item: any): Summary => ({
  id: item.id,
  status: item.status,
  product: item.product?.name_id,
  organization: item.organization?.name,
});
for (const name of readdirSync(RECORDED).filter((file) => file.endsWith(".json"))) {
  const [operation, recording] = name.split(".");
  const recorded = connect(`${RECORDED_URL}/${recording}`);
  const answer = json(`${RECORDED}/${name}`);
  if (operation === "getOrder") {
    assert.deepEqual(await recorded.read(answer.id), summary(answer));
  } else if (operation === "listOrders") {
    assert.deepEqual(await recorded.list(), answer.orders.map(summary));
  }
}

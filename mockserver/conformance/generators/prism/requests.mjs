// Sends each example of a request to Prism, which takes it; orders without a member that a condition asks for, which Prism
// refuses; and each GET, which Prism answers.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

const { ENFORCED, EXAMPLES, PRISM_URL } = process.env;

const { paths } = JSON.parse(readFileSync(ENFORCED, "utf8"));
const operations = new Map();
for (const [path, item] of Object.entries(paths)) {
  for (const method of ["get", "put", "post", "delete"]) {
    if (item[method]) {
      // Any id will do: Prism looks at its form alone. One operation needs to be told a time frame.
      const address = path.replace("{format}", "pem_all").replace(/\{\w+\}/g, "21").replace(/status-changes$/, "$&?minutes=60");
      operations.set(item[method].operationId, { method, address });
    }
  }
}

async function send({ method, address }, body) {
  const response = await fetch(PRISM_URL + address, {
    method: method.toUpperCase(),
    headers: { "X-DC-DEVKEY": "prism", "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

const examples = new Map();
for (const file of readdirSync(EXAMPLES)) {
  const [operationId, name, kind] = file.split(".");
  const operation = operations.get(operationId);
  if (operation && kind === "request") {
    const body = JSON.parse(readFileSync(`${EXAMPLES}/${file}`, "utf8"));
    examples.set(`${operationId}.${name}`, body);
    const { status, text } = await send(operation, body);
    assert(status < 300, `${file}: ${status}: ${text}`);
  }
}

const order = operations.get("orderPkioOrganisationPerson");
const card = examples.get("orderPkioOrganisationPerson.card_and_days");
const { email, ...individual } = card.certificate.individual;
const incomplete = {
  billing_address: { ...card, billing_address: undefined },
  ship_info: { ...card, ship_info: undefined },
  email: { ...card, certificate: { ...card.certificate, individual } },
};
for (const [member, body] of Object.entries(incomplete)) {
  const { status, text } = await send(order, body);
  assert.equal(status, 400, `an order without ${member}: ${text}`);
}

let answered = 0;
for (const [operationId, operation] of operations) {
  if (operation.method === "get") {
    const { status, text } = await send(operation);
    assert.equal(status, 200, `${operationId}: ${text}`);
    answered++;
  }
}
assert(examples.size > 10 && answered > 20, `${examples.size} examples, ${answered} answers`);

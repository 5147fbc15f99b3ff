// Makes a Postman collection of the contract, and runs all of its requests with newman, in an order in which each of them
// can succeed. What a request hands out is in the path of the next ones, as a person would put it there.

import { createRequire } from "node:module";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);
const { convertV2 } = require("openapi-to-postmanv2");
const newman = require("newman");

const { CONTRACT, MOCK_URL } = process.env;
const KEY = "postman";

// Each request, with the variables of paths that its answer sets. An account in which orders wait for an approval has a
// request to approve.
const sequence = [
  ["GET account"],
  ["GET user/me"],
  ["GET key/api-roles"],
  ["GET container"],
  ["GET container/:container_id"],
  ["GET finance/balance"],
  ["GET finance/balance-history"],
  ["GET finance/payment-profile"],
  ["GET product"],
  ["GET product/:name_id"],
  ["GET certificate/intermediates"],

  ["POST organization", { organization_id: "id" }],
  ["GET organization"],
  ["GET organization/:organization_id"],
  ["GET organization/potential-approvers"],
  ["POST organization/:organization_id/validation"],
  ["GET organization/:organization_id/validation"],
  ["PUT organization/:organization_id/deactivate"],
  ["PUT organization/:organization_id/activate"],
  ["DELETE organization/:organization_id"],

  ["POST user", { user_id: "id" }],
  ["GET user"],
  ["GET user/api-only"],
  ["GET user/:user_id"],
  ["PUT user/:user_id"],
  ["DELETE user/:user_id"],

  ["POST order/certificate/pkio_organisation_person", { order_id: "id", request_id: "requests[0].id" }],
  ["GET request"],
  ["GET request/:request_id"],
  ["PUT request/:request_id/status"],
  ["settle"],
  ["GET order/certificate/:order_id", { certificate_id: "certificate.id" }],
  ["GET order/certificate"],
  ["GET order/alternate/:alternative_order_id"],
  ["GET order/certificate/status-changes"],
  ["POST order/certificate/:order_id/note"],
  ["GET order/certificate/:order_id/note"],
  ["GET certificate/download/order/:order_id"],
  ["GET certificate/download/order/:order_id/format/:format"],
  ["GET certificate/:certificate_id/chain"],
  ["GET certificate/:certificate_id/download/format/:format"],
  ["GET certificate/:certificate_id/download/platform"],
  ["GET certificate/:certificate_id/download/platform/:server_platform_id"],
  ["PUT certificate/:certificate_id/revoke"],
  ["POST order/certificate/:order_id/reissue"],
  ["GET order/certificate/:order_id/reissue"],
  ["PUT order/certificate/:order_id/status"], // cancels the reissue
  ["PUT order/certificate/:order_id/revoke"],
];

const nameOf = ({ request }) => `${request.method} ${request.url.path.join("/")}`;

/** The requests of a folder, and of the folders in it. */
const requestsOf = (item) => (item.request ? [item] : item.item.flatMap(requestsOf));

/** The request with its path variables, once an answer has set them, and a test of its answer. */
function prepared(item, captures, known) {
  const copy = structuredClone(item);
  for (const variable of copy.request.url.variable ?? []) {
    if (known.has(variable.key)) {
      variable.value = `{{${variable.key}}}`;
    }
  }
  const script = [
    'pm.test(`answers ${pm.response.code} ${pm.response.code < 300 ? "" : pm.response.text()}`, () => pm.response.to.be.success);',
    ...Object.entries(captures).map(([name, path]) => `pm.collectionVariables.set("${name}", pm.response.json().${path});`),
  ];
  Object.keys(captures).forEach((name) => known.add(name));
  copy.event = [{ listen: "test", script: { exec: script } }];
  return copy;
}

const control = (method, path, body) => ({
  name: `the control API: ${path}`,
  request: {
    method,
    url: `${MOCK_URL}/_mock/${path}`,
    header: [{ key: "Content-Type", value: "application/json" }],
    body: { mode: "raw", raw: JSON.stringify(body) },
  },
  event: [{ listen: "test", script: { exec: ["pm.test(`answers ${pm.response.code}`, () => pm.response.to.be.success);"] } }],
});

const converted = await promisify(convertV2)({ type: "file", data: CONTRACT }, { parametersResolution: "Example" });
if (!converted.result) {
  throw new Error(converted.reason);
}
const collection = converted.output[0].data;
const byName = new Map(collection.item.flatMap(requestsOf).map((item) => [nameOf(item), item]));

const known = new Set();
const items = [control("PUT", "account", { approval: "on" })];
const unused = new Set(byName.keys());
for (const [name, captures = {}] of sequence) {
  unused.delete(name);
  items.push(name === "settle" ? control("POST", "settle") : prepared(byName.get(name), captures, known));
}
if (unused.size > 0) {
  throw new Error(`the sequence lacks ${[...unused].join(", ")}`);
}

const { run } = await promisify(newman.run)({
  collection: { ...collection, item: items },
  envVar: [
    { key: "baseUrl", value: `${MOCK_URL}/services/v2` },
    { key: "apiKey", value: KEY },
  ],
});
for (const { source, error } of run.failures) {
  console.error(`${source?.name}: ${error.test ?? error.message}`);
}
console.log(`${run.stats.requests.total} requests, ${run.failures.length} failures`);
process.exitCode = run.failures.length > 0 ? 1 : 0;

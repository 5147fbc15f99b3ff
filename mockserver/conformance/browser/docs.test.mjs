// Tests of the documentation page: "Try it out" sends requests to the mock that serves the page, and to no other server.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";

import { ask, openBrowser, startMock, watch } from "./harness.mjs";

const key = "typed-into-the-page";
const order = "orderPkioOrganisationPerson";
const needsOneOfThree = "listStatusChanges"; // one of its three parameters is required

// contracts are the documents that the page offers, with the path at which their operations are found.
const contracts = [
  { name: "CertCentral Services API", document: "/openapi.json", prefix: "/services/v2" },
  { name: "Control API of the mock", document: "/_mock/openapi.json", prefix: "" },
];

// operations lists the operations of a contract. The order comes first, so that the others have something to read.
function operations(contract) {
  const list = [];
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const method of ["get", "put", "post", "delete"]) {
      if (item[method]) list.push({ ...item[method], method: method.toUpperCase(), path, shared: item.parameters ?? [] });
    }
  }
  return list.sort((a, b) => (b.operationId === order) - (a.operationId === order));
}

// expectedPath fills the path with the examples of its parameters, which are all required.
function expectedPath(contract, operation) {
  let path = operation.path;
  for (const reference of [...operation.shared, ...(operation.parameters ?? [])]) {
    const parameter = reference.$ref ? contract.components.parameters[reference.$ref.split("/").pop()] : reference;
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, parameter.example);
  }
  return path;
}

async function open(page, url) {
  await page.goto(url);
  await page.waitForSelector(".opblock");
}

// The first form is that of the API key; the control API has another one, for its token.
async function authorize(page) {
  await page.locator(".auth-wrapper > .btn.authorize").click();
  await page.locator(".modal-ux input").first().fill(key);
  await page.locator(".modal-ux button.authorize").first().click();
  await page.locator(".modal-ux button.btn-done").first().click();
}

// tryOut executes an operation with the values that the page fills in. It returns the request, the response and the
// optional parameters that were filled in.
async function tryOut(page, operation) {
  const block = page.locator(`[id="operations-${operation.tags[0]}-${operation.operationId}"]`);
  await block.locator(".opblock-summary-control").click();
  await block.locator(".try-out__btn").click();
  const filled = await block.locator("tr[data-param-name]").evaluateAll((rows) => rows
    .filter((row) => !row.querySelector(".parameter__name.required"))
    .filter((row) => [...row.querySelectorAll("input, textarea, select")].some((field) => field.value !== ""))
    .map((row) => row.dataset.paramName));
  const requests = [];
  const note = (request) => requests.push(request);
  page.on("request", note);
  await block.locator("button.execute").click();
  await block.locator(".live-responses-table .response-col_status").first().waitFor();
  page.off("request", note);
  assert.equal(requests.length, 1, `${operation.operationId} sends ${requests.map((request) => request.url())}`);
  const shown = await block.locator(".live-responses-table").innerText();
  await block.locator(".opblock-summary-control").click();
  return { request: requests[0], answer: await requests[0].response(), filled, shown };
}

test("every operation reaches the page's own origin", { timeout: 600_000 }, async (t) => {
  const origin = await startMock(t);
  const browser = await openBrowser(t);
  const page = await browser.newPage();
  const seen = watch(page, origin);
  await open(page, `${origin}/docs`);

  for (const { name, document, prefix } of contracts) {
    const contract = await (await fetch(origin + document)).json();
    await page.locator("#select").selectOption({ label: name });
    await page.getByRole("heading", { name: contract.info.title }).waitFor();
    await authorize(page);
    const servers = await page.locator(".servers option").evaluateAll((options) => options.map((option) => option.value));
    assert.deepEqual(servers, [prefix || "/"]);

    const all = operations(contract);
    assert.equal(await page.locator(".opblock").count(), all.length);
    for (const operation of all) {
      await t.test(`${operation.method} ${operation.path}`, async () => {
        // Chromium repeats a request that is answered 408, so there has to be a call.
        if (operation.operationId === "waitForCalls") await ask(`${origin}/services/v2/user/me`, key, "GET");
        const { request, answer, filled, shown } = await tryOut(page, operation);
        assert.deepEqual(filled, [], "optional parameters are filled in");
        assert.equal(request.method(), operation.method);
        assert.equal(request.url(), origin + prefix + expectedPath(contract, operation));
        const needsKey = operation.security?.some((scheme) => scheme.AccountKey) ?? true;
        assert.equal(request.headers()["x-dc-devkey"], needsKey ? key : undefined);
        assert.ok(Object.hasOwn(operation.responses, answer.status()), `${answer.status()} is not declared`);
        assert.match(answer.headers()["x-mock-server"], /^certcentral-mock\//);
        if (operation.operationId === needsOneOfThree) assert.match(shown, /"missing_field\|minutes"/);
        else assert.doesNotMatch(shown, /"(missing_field|invalid_field|bad_request_format|unsupported_media_type)/);
        if (operation.operationId === order) {
          assert.equal(answer.status(), 201);
          await ask(`${origin}/_mock/settle`, key, "POST");
        }
        if (operation.operationId === "listOrders") assert.match(shown, /"id": 843668399/);
      });
    }
  }
  assert.deepEqual(seen, { foreign: [], complaints: [] });
});

test("a key does not outlive the page", async (t) => {
  const origin = await startMock(t);
  const browser = await openBrowser(t);
  const page = await browser.newPage();
  await open(page, `${origin}/docs`);
  await authorize(page);
  await page.locator(".btn.authorize.locked").waitFor();
  const kept = await page.evaluate(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state, await indexedDB.databases(), await caches.keys(),
  ]));
  assert.ok(!kept.includes(key), kept);
  await page.reload();
  await page.locator(".btn.authorize.unlocked").waitFor();
  const { answer } = await tryOut(page, { operationId: "getAccount", tags: ["Account"] });
  assert.equal(answer.status(), 403);
});

test("a link does not choose another document", async (t) => {
  const origin = await startMock(t);
  let asked = 0;
  const other = createServer((request, response) => {
    asked++;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end(JSON.stringify({ openapi: "3.0.3", info: { title: "Evil", version: "1" }, paths: {}, url: other.url }));
  }).listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const evil = `http://127.0.0.1:${other.address().port}/openapi.json`;
  const browser = await openBrowser(t);
  for (const name of ["url", "urls", "urls.primaryName", "config", "configUrl", "spec"]) {
    const page = await browser.newPage();
    const seen = watch(page, origin);
    await open(page, `${origin}/docs?${name}=${encodeURIComponent(evil)}`);
    await page.getByRole("heading", { name: "CertCentral Services API, PKIoverheid" }).waitFor();
    assert.deepEqual(seen, { foreign: [], complaints: [] }, name);
    await page.close();
  }
  assert.equal(asked, 0);
});

test("the page fits a narrow screen, at each of its addresses", async (t) => {
  const origin = await startMock(t);
  const browser = await openBrowser(t);
  const port = new URL(origin).port;
  for (const address of [`${origin}/docs/`, `http://localhost:${port}/docs`]) {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, isMobile: true });
    const seen = watch(page, new URL(address).origin);
    await open(page, address);
    assert.equal(await page.evaluate(() => visualViewport.width), 390);
    assert.deepEqual(seen, { foreign: [], complaints: [] });
    await page.close();
  }
});

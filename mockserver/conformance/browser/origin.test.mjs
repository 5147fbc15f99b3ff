// Tests what a page of another origin can do with a mock on the machine of the browser.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { test } from "node:test";

import { ask, openBrowser, startMock } from "./harness.mjs";

const key = "victim";
const placing = "/services/v2/order/certificate/pkio_organisation_person";
const body = await readFile(
  new URL("../../../openapi/examples/orderPkioOrganisationPerson.vendor_existing_individual.request.json", import.meta.url), "utf8");

// serveAttack serves an empty page at / and forwards all other requests to the mock, as after DNS rebinding.
async function serveAttack(t, mock) {
  const server = createServer((request, response) => {
    if (request.url === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>attack</title>");
      return;
    }
    request.pipe(forward(mock + request.url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return server.address().port;
}

async function noOrders(mock) {
  const { page } = await ask(`${mock}/services/v2/order/certificate`, key);
  assert.equal(page.total, 0, "an order was placed");
}

test("a name that leads to loopback does not reach the mock", async (t) => {
  const mock = await startMock(t);
  const port = await serveAttack(t, mock);
  const browser = await openBrowser(t, ["evil.example"]);
  const page = await browser.newPage();
  await page.goto(`http://evil.example:${port}/`);
  for (const [method, target] of [
    ["POST", placing], ["GET", "/services/v2/order/certificate"], ["POST", "/_mock/reset"], ["GET", "/_mock/healthz"], ["GET", "/docs"],
  ]) {
    const answer = await page.evaluate(async ([method, target, key, body]) => {
      const headers = { "X-DC-DEVKEY": key, "Content-Type": "application/json" };
      const answer = await fetch(target, { method, headers, body: method === "POST" ? body : undefined });
      return { status: answer.status, text: await answer.text() };
    }, [method, target, key, body]);
    assert.equal(answer.status, 421, `${method} ${target}: ${answer.text}`);
    assert.match(answer.text, /--allowed-hosts evil\.example/);
  }
  await noOrders(mock);
});

test("a page of another origin sends nothing that counts", async (t) => {
  const mock = await startMock(t);
  const port = await serveAttack(t, mock);
  const browser = await openBrowser(t);
  for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
    const page = await browser.newPage();
    await page.goto(`${origin}/`);

    const withKey = await page.evaluate(async ([url, key, body]) => {
      const headers = { "X-DC-DEVKEY": key, "Content-Type": "application/json" };
      return fetch(url, { method: "POST", headers, body }).then((answer) => answer.status, (error) => error.name);
    }, [mock + placing, key, body]);
    assert.equal(withKey, "TypeError", "the browser has let it through");

    for (const target of [placing, "/_mock/reset", "/_mock/ocsp"]) {
      const answered = page.waitForResponse(mock + target);
      await page.evaluate(([url, body]) => fetch(url, { method: "POST", mode: "no-cors", body }), [mock + target, body]);
      assert.equal((await answered).status(), 403, target);
    }

    const answered = page.waitForResponse(`${mock}/_mock/reset`);
    await page.evaluate((url) => {
      const form = document.body.appendChild(document.createElement("form"));
      form.method = "post";
      form.action = url;
      form.submit();
    }, `${mock}/_mock/reset`);
    const refusal = await answered;
    assert.equal(refusal.status(), 403);
    assert.match(await refusal.text(), /cross_origin_request/);
    await page.close();
  }
  await noOrders(mock);
});

test("a page of another origin neither frames nor runs what the mock serves", async (t) => {
  const mock = await startMock(t);
  const port = await serveAttack(t, mock);
  const browser = await openBrowser(t);
  const page = await browser.newPage();
  const console = [];
  page.on("console", (message) => console.push(message.text()));
  await page.goto(`http://localhost:${port}/`);
  for (const target of ["/docs", "/docs/page.js", "/openapi.json", "/_mock/healthz"]) {
    console.length = 0;
    await page.evaluate((url) => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.onload = resolve;
      frame.src = url;
      document.body.replaceChildren(frame);
    }), mock + target);
    assert.ok(console.some((text) => text.includes("frame-ancestors 'none'")), `${target}: ${console}`);
    assert.ok(page.frames().every((frame) => !frame.url().startsWith(mock)), `${target} is shown in a frame`);
  }
  for (const target of ["/openapi.json", "/openapi.yaml", "/_mock/healthz"]) {
    const how = await page.evaluate((url) => new Promise((resolve) => {
      const script = document.createElement("script");
      script.onload = () => resolve("run");
      script.onerror = () => resolve("refused");
      script.src = url;
      document.head.append(script);
    }), mock + target);
    assert.equal(how, "refused", target);
  }
});

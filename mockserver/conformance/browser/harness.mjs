// Shared by the tests: a mock, a browser that cannot reach other machines, and the errors in its console.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

// startMock starts the command at MOCK on a free port, and resolves to its address once orders can be placed.
export async function startMock(t) {
  const command = process.env.MOCK;
  if (!command) throw new Error("MOCK must name the certcentral-mock to test; make conformance-browser sets it");
  const mock = spawn(command, ["--addr", "127.0.0.1:0", "--ca-key", "p256", "--token-key", "p256", "--log-level", "warn"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(mock, "exit");
  t.after(async () => {
    mock.kill();
    await ended;
  });
  const lines = createInterface(mock.stdout)[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), ended.then(([code]) => ({ ended: code }))]);
  if (!first.value) throw new Error(`the mock has ended before it said its address: ${JSON.stringify(first)}`);
  return first.value;
}

// openBrowser starts Chromium. It resolves localhost and the names in known only.
export async function openBrowser(t, known = []) {
  const hosts = [...known.map((name) => `MAP ${name} 127.0.0.1`), "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--host-resolver-rules=${hosts.join(", ")}`,
    ],
  });
  t.after(() => browser.close());
  return browser;
}

// watch records the requests of a page to other origins, and its errors. A refused request is not an error of the page.
export function watch(page, origin) {
  const seen = { foreign: [], complaints: [] };
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["data:", "blob:"].includes(url.protocol)) seen.foreign.push(request.url());
  });
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  page.on("console", (message) => {
    const refused = /^Failed to load resource: the server responded with a status of/.test(message.text());
    if (message.type() === "error" && !refused) seen.complaints.push(message.text());
  });
  return seen;
}

// ask sends a request without a browser.
export async function ask(url, key, method = "GET") {
  const answer = await fetch(url, { method, headers: { "X-DC-DEVKEY": key } });
  return answer.json();
}

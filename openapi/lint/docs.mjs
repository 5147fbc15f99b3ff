// Builds the reference page of the contract: one HTML file that needs no network, neither to build nor to read.
//
//   node docs.mjs [bundle] [page]
//
// Redoc would load its logo and its icons from a CDN and report to a collector. Their addresses are taken out, the
// page forbids every connection by its Content-Security-Policy, and this script fails when either is not so.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const bundle = process.argv[2] ?? join(here, "../../gen/certcentral.yaml");
const page = process.argv[3] ?? join(here, "../../dist/docs/index.html");

mkdirSync(dirname(page), { recursive: true });
execFileSync(
  join(here, "node_modules/.bin/redocly"),
  ["build-docs", bundle, "--output", page, "--inlineBundle", "--template", join(here, "docs.hbs"), "--config", join(here, "redocly.yaml")],
  {
    cwd: here,
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    stdio: ["ignore", "ignore", "inherit"],
  },
);

const html = readFileSync(page, "utf8").replace(
  /https:\/\/(?:cdn|otel|fonts)\.[a-z.]*(?:redocly\.com|redoc\.ly|googleapis\.com)[A-Za-z0-9./_-]*/g,
  "data:,",
);
writeFileSync(page, html);

const name = relative(process.cwd(), page);
const forbidden = [
  [/<script\b[^>]*\bsrc\s*=/i, "a script from elsewhere"],
  [/<link\b[^>]*\bhref\s*=/i, "a style sheet or a preload from elsewhere"],
  [/<(?:img|iframe|source|object|embed)\b[^>]*\b(?:src|data)\s*=\s*"(?:https?:)?\/\//i, "an image or a frame from elsewhere"],
  [/(?:@import\s+|url\(\s*)["']?(?:https?:)?\/\//i, "a font or a style from elsewhere"],
  [/\bimport\s*(?:\(|[^;]{0,200}?\bfrom)\s*["'`](?:https?:)?\/\//, "a module from elsewhere"],
  [/\b(?:cdn|otel|fonts)\.[a-z.]*(?:redocly\.com|redoc\.ly|googleapis\.com|gstatic\.com)/i, "an address of a CDN or a collector"],
];
const found = forbidden.filter(([pattern]) => pattern.test(html)).map(([, what]) => what);
if (!/http-equiv="Content-Security-Policy" content="default-src 'none';/.test(html)) {
  found.push("no Content-Security-Policy");
}
if (found.length > 0) {
  console.error(`${name}: ${found.join(", ")}`);
  process.exit(1);
}
console.log(`${name}: ${Math.ceil(html.length / 1024)} KiB, complete in itself`);

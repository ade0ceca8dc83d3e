// No library needed: Node checks ed25519 itself. For whsec_ there is `npm install standardwebhooks`.
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";

const x = Buffer.from(process.env.VHR_WEBHOOK_PUBLIC_KEY.replace("whpk_", ""), "base64").toString("base64url");
const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });

function genuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) < 300)) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${at}.`), body]);
  const ours = signatures.split(" ").filter((each) => each.startsWith("v1a,"));
  return ours.some((each) => verify(null, signed, key, Buffer.from(each.slice(4), "base64")));
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  if (!genuine(request.headers, body)) return response.writeHead(401).end();
  const event = JSON.parse(body);
  // endpoint.verify comes when you press “Prove ownership”.
  response.end(event.type === "endpoint.verify" ? JSON.stringify({ challenge: event.data.challenge }) : "");
  console.log(event.type, event.data);
}).listen(Number(process.env.PORT ?? 9000), "127.0.0.1");

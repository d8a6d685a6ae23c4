// nodemailer with its own pool and DKIM: node send.mjs PORT MESSAGES LETTER_JSON
import { readFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";

const nodemailer = createRequire(process.env.NODE_PATH + "/").call(null, "nodemailer");
const [port, messages] = process.argv.slice(2, 4).map(Number);
const letter = JSON.parse(readFileSync(process.argv[4], "utf8"));
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const transport = nodemailer.createTransport({
  host: "127.0.0.1", port, secure: false, ignoreTLS: true,
  pool: true, maxConnections: 16, maxMessages: Infinity,
  dkim: { domainName: "example.com", keySelector: "bench", privateKey },
});

let next = 0;
async function sendOn() {
  while (next < messages) {
    const n = next++;
    const name = `Person ${n}`;
    const unsubscribe = `https://t.example.com/u/${n}`;
    await transport.sendMail({
      envelope: { from: `b+${n}@r.example.com`, to: `p${n}@example.net` },
      from: "Ann <ann@example.com>", to: `p${n}@example.net`, subject: letter.subject,
      messageId: `<${n}@example.com>`,
      html: letter.html.replaceAll("{{name}}", name).replaceAll("/stories/", `/c/${n}/`),
      text: letter.text.replaceAll("{{name}}", name).replaceAll("/stories/", `/c/${n}/`),
      list: { unsubscribe, id: "news.example.com" },
      headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Feedback-ID": "c1:l1:campaign:example" },
    });
  }
}

process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
const began = process.hrtime.bigint(), spent = process.cpuUsage();
await Promise.all(Array.from({ length: 32 }, sendOn));
const seconds = Number(process.hrtime.bigint() - began) / 1e9, used = process.cpuUsage(spent);
process.stdout.write(JSON.stringify({ messages, seconds, cpu_seconds: (used.user + used.system) / 1e6 }) + "\n");
transport.close();
process.exit(0);

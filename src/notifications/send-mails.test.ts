// Mails go to a real SMTP server: a small one, in this test.
import { createServer, type Socket } from "node:net";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { freshDatabase, testLog } from "../../test/support/database.ts";
import { createPerson } from "../accounts/people.ts";
import { sessionViewer } from "../accounts/viewer.ts";
import { transaction } from "../platform/database.ts";
import { openMailer } from "../platform/mail.ts";
import { myNotifications, setMailedKinds, tell, unreadCount } from "./notifications.ts";
import { sendWaitingMails } from "./send-mails.ts";
import { notifications } from "./tables.ts";

const { db } = await freshDatabase();
const person = async (email: string, language: "en" | "zh" | null) =>
  sessionViewer(
    await transaction(db, (tx) =>
      createPerson(tx, null, { email, name: email, ...(language && { language }) }),
    ),
  );
const ann = await person("ann@assay.example", "en");
const bao = await person("bao@assay.example", null);
const news = {
  kind: "regrade_answered" as const,
  about: { en: "Alignment $& more", zh: "对齐" },
  path: "/submissions/1#regrades",
};
const told = (...who: { id: string }[]) =>
  transaction(db, (tx) =>
    tell(
      tx,
      who.map(({ id }) => id),
      news,
    ),
  );

/** Speaks as much SMTP as a client needs, and keeps what it is sent. */
async function sink(refuse = false) {
  const mails: string[] = [];
  const talk = (socket: Socket) => {
    let data: string | null = null;
    let rest = "";
    socket.write("220 sink\r\n");
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      rest += bytes.toString();
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== null) {
          if (line === ".") {
            mails.push(data);
            data = null;
            socket.write("250 kept\r\n");
          } else data += `${line}\n`;
        } else if (line === "DATA") {
          data = "";
          socket.write("354 go on\r\n");
        } else if (line === "QUIT") socket.end("221 bye\r\n");
        else socket.write(refuse && line.startsWith("RCPT") ? "550 nobody\r\n" : "250 ok\r\n");
      }
    });
  };
  const server = createServer(talk);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  const mailer = openMailer(`smtp://127.0.0.1:${port}`, "assay@assay.example");
  const send = () => sendWaitingMails(db, mailer, "http://assay.test", testLog);
  const close = () => {
    mailer.close();
    server.close();
  };
  return { mails, send, close };
}

/** A mail's text, however it was encoded on its way. */
function bodyOf(mail: string): string {
  const [head = "", ...rest] = mail.split("\n\n");
  const body = rest.join("\n\n");
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body, "base64").toString();
  const joined = body.replace(/=\n/g, "");
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}

test("each is told once, in the language they chose, with a link and no result", async () => {
  await told(ann, bao, ann);
  const smtp = await sink();
  expect(await smtp.send()).toBe(2);
  expect(await smtp.send()).toBe(0);
  const [first, second] = smtp.mails;
  expect(first).toContain("To: ann@assay.example");
  expect(first).toContain("Subject: Your regrade request for Alignment $& more was answered.");
  expect(first).toContain("http://assay.test/submissions/1#regrades");
  expect(second).toContain("To: bao@assay.example");
  expect(bodyOf(second!)).toContain("您对 对齐 的复核申请已有答复。");
  expect(await unreadCount(db, ann.id)).toBe(1);
  smtp.close();
});

test("two servers that send at once send each mail once", async () => {
  await told(ann, bao);
  const smtp = await sink();
  const sent = await Promise.all([smtp.send(), smtp.send()]);
  expect(sent[0]! + sent[1]!).toBe(2);
  expect(smtp.mails).toHaveLength(2);
  smtp.close();
});

test("whoever wants no mail of a kind still has it on the page", async () => {
  await setMailedKinds(db, ann, { regrade_answered: false });
  await told(ann);
  const smtp = await sink();
  expect(await smtp.send()).toBe(0);
  expect((await myNotifications(db, ann))[0]).toMatchObject({ mail: "none", readAt: null });
  await setMailedKinds(db, ann, { regrade_answered: true });
  smtp.close();
});

test("what a server refuses is tried again, and given up in the end", async () => {
  await told(ann);
  const smtp = await sink(true);
  for (let round = 0; round < 6; round++) expect(await smtp.send()).toBe(0);
  const [last] = await db.select().from(notifications).where(eq(notifications.mail, "failed"));
  expect(last?.mailTries).toBe(5);
  smtp.close();
});

test("what is a day old is mailed to nobody", async () => {
  await told(ann);
  await db.update(notifications).set({ createdAt: new Date(Date.now() - 25 * 3_600_000) });
  const smtp = await sink();
  expect(await smtp.send()).toBe(0);
  smtp.close();
});

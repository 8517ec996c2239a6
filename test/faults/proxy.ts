// A connection to the database that is slow, or stands still: everything that goes through waits, nothing is lost.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export interface SlowPath {
  /** An address of that server, by way of the proxy. */
  through(address: string): string;
  /** Each piece waits so long from now on, in each direction. */
  delayMs: number;
  /** Nothing goes through until it is called again with false. */
  standStill(still: boolean): void;
  close(): Promise<void>;
}

export async function slowPathTo(database: string): Promise<SlowPath> {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let still: PromiseWithResolvers<void> | null = null;
  const held = () =>
    new Transform({
      async transform(piece, _, done) {
        await sleep(path.delayMs);
        await still?.promise;
        done(null, piece);
      },
    });
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port || 5432) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.pipe(held()).pipe(upstream);
    upstream.pipe(held()).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = String((server.address() as AddressInfo).port);
  const path: SlowPath = {
    through: (address) => Object.assign(new URL(address), { hostname: "127.0.0.1", port }).href,
    delayMs: 0,
    standStill(on) {
      still?.resolve();
      still = on ? Promise.withResolvers<void>() : null;
    },
    async close() {
      path.standStill(false);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return path;
}

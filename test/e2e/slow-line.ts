// A slow line in front of a server: bytes upwards pass at a steady pace, whoever sends them.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

const SLICE_MS = 100;

function throttle(bytesASecond: number): Transform {
  const slice = Math.ceil((bytesASecond * SLICE_MS) / 1000);
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += slice) {
        this.push(chunk.subarray(at, at + slice));
        if (chunk.length > slice) await pause(SLICE_MS);
      }
      done();
    },
  });
}

/** Listens on a port of its own; answers its address and how to end it. */
export async function slowLine(target: string, bytesASecond: number) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
    }
    near.pipe(throttle(bytesASecond)).pipe(far);
    far.pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

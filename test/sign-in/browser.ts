// What a browser does for these tests: it keeps cookies by host and path, and follows redirects between sites.
export class TestBrowser {
  private readonly jar = new Map<string, { value: string; path: string; host: string }>();

  /** Follows until an answer that is no redirect, or one that leads to where `stop` says. */
  async go(
    url: string,
    init: RequestInit = {},
    stop: (url: string) => boolean = () => false,
  ): Promise<Answer> {
    let at = url;
    let how = init;
    for (let hop = 0; hop < 20; hop++) {
      const answer = await fetch(at, {
        ...how,
        redirect: "manual",
        headers: { ...how.headers, ...this.cookies(at) },
      });
      this.keep(at, answer.headers.getSetCookie());
      const location = answer.headers.get("location");
      if (location === null || answer.status < 300 || answer.status > 399)
        return { url: at, status: answer.status, headers: answer.headers, text: await answer.text() };
      await answer.body?.cancel();
      at = new URL(location, at).href;
      if (stop(at)) return { url: at, status: answer.status, headers: answer.headers, text: "" };
      how = {};
    }
    throw new Error(`too many redirects, at last to ${at}`);
  }

  /** A form of a page of `origin`. */
  send(url: string, form: Record<string, string> = {}, stop?: (url: string) => boolean): Promise<Answer> {
    const { origin } = new URL(url);
    const headers = { origin, "sec-fetch-site": "same-origin" };
    return this.go(url, { method: "POST", body: new URLSearchParams(form), headers }, stop);
  }

  private cookies(url: string): Record<string, string> {
    const { host, pathname } = new URL(url);
    const sent = [...this.jar].filter(([, one]) => one.host === host && pathname.startsWith(one.path));
    return sent.length === 0
      ? {}
      : { cookie: sent.map(([key, { value }]) => `${key.split(" ")[1]}=${value}`).join("; ") };
  }

  private keep(url: string, lines: string[]): void {
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split(/; */);
      const name = pair.slice(0, pair.indexOf("="));
      const value = pair.slice(name.length + 1);
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? "/";
      const { host } = new URL(url);
      if (value === "" || attributes.some((one) => /^max-age=0$/i.test(one)))
        this.jar.delete(`${host} ${name} ${path}`);
      else this.jar.set(`${host} ${name} ${path}`, { value, path, host });
    }
  }
}

export interface Answer {
  url: string;
  status: number;
  headers: Headers;
  text: string;
}

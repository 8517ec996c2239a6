import { exactMoment, moment, relative, zoneName } from "../format.ts";
import type { Lang } from "../messages/translate.ts";

interface Props {
  at: Date;
  zone: string;
  lang: Lang;
  /** Where given, how far away it is stands beside it. */
  now?: Date;
}

/** A moment in the course's time zone, its zone on hover, and how far away it is. */
export function Moment({ at, zone, lang, now }: Props) {
  return (
    <span>
      <time datetime={at.toISOString()} title={`${zone}, ${zoneName(at, zone, lang)}`}>
        {moment(at, zone, lang)}
      </time>
      {now && <span class="muted"> ({relative(at, now, lang)})</span>}
    </span>
  );
}

/** The same to the second, with its zone said: for receipts, where a second decides. */
export function Exact({ at, zone, lang }: Omit<Props, "now">) {
  return (
    <time datetime={at.toISOString()} title={zone}>
      {`${exactMoment(at, zone, lang)} ${zoneName(at, zone, lang)}`}
    </time>
  );
}

import type { Lines } from "../source/highlight.ts";

export interface Note {
  line: number;
  text: string;
  by: string;
}

interface Props {
  lines: Lines;
  /** What somebody wrote about a line stands right below it. */
  notes?: Note[];
  label: string;
  /** More classes, for a view that scrolls in itself. */
  class?: string;
}

/** Each line has its number as an address (`#L12`); numbers are drawn beside it and are never copied with it. */
export function CodeLines({ lines, notes = [], label, class: more = "" }: Props) {
  const byLine = Map.groupBy(notes, ({ line }) => line);
  return (
    <section class={`code-view ${more}`} tabindex={0} aria-label={label}>
      <pre>
        <code>
          {lines.map((line, index) => (
            <>
              <span class="code-line" id={`L${index + 1}`} data-line={index + 1}>
                {line.map(([text, kind]) => (kind === "" ? text : <span class={`tok-${kind}`}>{text}</span>))}
                {"\n"}
              </span>
              {byLine.get(index + 1)?.map((note) => (
                <span class="code-note" role="note">
                  <strong>{note.by}</strong>
                  {` ${note.text}\n`}
                </span>
              ))}
            </>
          ))}
        </code>
      </pre>
    </section>
  );
}

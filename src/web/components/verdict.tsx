// How a test ended: a shape, a colour and a word, in this order of weight. Whoever sees no colours has the shape,
// whoever sees no shapes has the word.
import type { Child } from "hono/jsx";
import type { Verdict as VerdictWord } from "../../judge/report.ts";
import type { Translate } from "../messages/translate.ts";
import { Icon } from "./icons.tsx";

const looks: Record<VerdictWord, { colour: string; shape: Child }> = {
  passed: {
    colour: "text-success",
    shape: (
      <>
        <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
        <path d="M4.8 8.3 7 10.5l4.3-4.8" class="stroke-base-100" />
      </>
    ),
  },
  partial: {
    colour: "text-warning",
    shape: (
      <>
        <circle cx="8" cy="8" r="6.2" />
        <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
      </>
    ),
  },
  failed: {
    colour: "text-error",
    shape: (
      <>
        <rect x="1.5" y="1.5" width="13" height="13" rx="2" />
        <path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4" />
      </>
    ),
  },
  error: {
    colour: "text-error",
    shape: (
      <>
        <path d="M8 1.5 15 14H1z" fill="currentColor" />
        <path d="M8 6v3.6m0 2v.1" class="stroke-base-100" />
      </>
    ),
  },
  timeout: {
    colour: "text-info",
    shape: (
      <>
        <circle cx="8" cy="8.5" r="6" />
        <path d="M8 5v3.7l2.4 1.4M6 1h4" />
      </>
    ),
  },
  memory: {
    colour: "text-info",
    shape: (
      <>
        <rect x="3.5" y="3.5" width="9" height="9" rx="1" fill="currentColor" />
        <path d="M6 3.5V1m4 2.5V1M6 15v-2.5m4 2.5v-2.5M3.5 6H1m2.5 4H1m14-4h-2.5m2.5 4h-2.5" />
      </>
    ),
  },
  output_limit: {
    colour: "text-info",
    shape: <path d="M2 3.5h12M2 8h12M2 12.5h7" stroke-width="2" />,
  },
  killed: {
    colour: "text-info",
    shape: (
      <>
        <path d="M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5z" />
        <path d="M5 8h6" />
      </>
    ),
  },
};

export function Verdict({ verdict, t }: { verdict: VerdictWord; t: Translate }) {
  const { colour, shape } = looks[verdict];
  return (
    <span class={`inline-flex items-center gap-1.5 font-medium ${colour}`} data-verdict={verdict}>
      <Icon>{shape}</Icon>
      {t(`verdict.${verdict}`)}
    </span>
  );
}

// Small pictures of our own, drawn in the text's colour. Each stands beside words, so none speaks to a reader.
import type { Child } from "hono/jsx";

export function Icon({ children, size = 16 }: { children: Child; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      class="shrink-0"
    >
      {children}
    </svg>
  );
}

export const ThemeIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
  </Icon>
);
export const PersonIcon = () => (
  <Icon>
    <circle cx="8" cy="5.5" r="2.7" />
    <path d="M2.8 14c.6-3 2.6-4.3 5.2-4.3s4.6 1.3 5.2 4.3" />
  </Icon>
);
export const BellIcon = () => (
  <Icon>
    <path d="M3 11.5h10l-1.3-2V6.7a3.7 3.7 0 0 0-7.4 0v2.8zM6.7 13.8h2.6" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11" />
  </Icon>
);
export const UploadIcon = () => (
  <Icon size={28}>
    <path d="M8 10.5V3m-3 2.7L8 2.7l3 3M2.5 10.5v3h11v-3" stroke-width="1.2" />
  </Icon>
);
export const FlagIcon = () => (
  <Icon>
    <path d="M3.5 14V2.5h8.5L10 5.7l2 3.3H3.5" />
  </Icon>
);

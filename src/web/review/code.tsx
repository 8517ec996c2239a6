import { CodeLines } from "../components/code-lines.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { isPdf, PdfView } from "../components/pdf-view.tsx";
import type { PageContext } from "../context.ts";
import { sourceAddress } from "../submission/aside.tsx";
import { PDF_PAGES_LIMIT, type ReviewView, type Work } from "./load.ts";

interface Props {
  at: PageContext;
  view: Work;
  /** Where another file is shown. */
  address: string;
  /** Null: whoever looks is to see none, and writes none. */
  comments: ReviewView["review"]["comments"] | null;
}

/** One file with line numbers, the others a link away, and what was said about its lines. */
export function CodeCard(props: Props) {
  const { at, view, address, comments } = props;
  const { file, files, access } = view;
  return (
    <Card title={file?.path ?? at.t("review.files")} id="code">
      <nav aria-label={at.t("review.files")} class="mb-3 flex flex-wrap gap-x-3 gap-y-1 text-sm">
        {files.map(({ path }) => (
          <a
            href={`${address}?path=${encodeURIComponent(path)}`}
            class="link wrap-anywhere"
            aria-current={path === file?.path ? "page" : undefined}
          >
            {path}
          </a>
        ))}
      </nav>
      {file && isPdf(file.path) && <PdfView at={at} address={rawAddress(view, file.path)} name={file.path} />}
      {file && file.shown.kind !== "text" && !isPdf(file.path) && (
        <Empty title={at.t(file.shown.kind === "large" ? "source.large" : "source.binary")}>
          <a class="link" href={sourceAddress(access.submission.id, file.path)}>
            {file.path}
          </a>
        </Empty>
      )}
      {file?.shown.kind === "text" && (
        <CodeLines
          label={at.t("source.code", { path: file.path })}
          lines={file.lines}
          notes={(comments ?? []).filter(({ path }) => path === file.path)}
          class="max-h-[70vh] overflow-y-auto"
        />
      )}
      {comments && file && (file.shown.kind === "text" || isPdf(file.path)) && (
        <Comments {...props} path={file.path} />
      )}
    </Card>
  );
}

const rawAddress = (view: Work, path: string) =>
  `/api/v1/submissions/${view.access.submission.id}/file?path=${encodeURIComponent(path)}`;

function Comments({ at, view, comments, path }: Props & { path: string }) {
  const address = `/submissions/${view.access.submission.id}/review/comments`;
  const here = (comments ?? []).filter((comment) => comment.path === path);
  return (
    <div id="comments" class="mt-4">
      <h3 class="mb-2 font-semibold">{at.t("review.comments")}</h3>
      {here.length === 0 && <p class="muted text-sm">{at.t("review.comments.empty")}</p>}
      <ul class="grid gap-2 text-sm">
        {here.map((comment) => (
          <li class="border-l-4 border-base-300 pl-3">
            <a
              class="link"
              href={`#L${comment.line}`}
            >{`${at.t(isPdf(path) ? "pdf.page" : "review.line")} ${comment.line}`}</a>{" "}
            <span class="muted">{comment.by}</span>
            <p class="whitespace-pre-line wrap-anywhere">{comment.text}</p>
            {comment.author === view.viewerId && (
              <form method="post" action={`${address}/${comment.id}/delete`}>
                <input type="hidden" name="path" value={path} />
                <button type="submit" class="btn btn-ghost btn-sm">
                  {at.t("review.comment.delete", { line: comment.line })}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <form method="post" action={address} class="mt-3 grid gap-2">
        <input type="hidden" name="path" value={path} />
        <label class="text-sm">
          {at.t(isPdf(path) ? "pdf.page" : "review.line")}
          <input
            name="line"
            type="number"
            min="1"
            max={isPdf(path) ? PDF_PAGES_LIMIT : view.file?.lines.length}
            required
            class="input block w-28"
            data-key="c"
          />
        </label>
        <label class="text-sm">
          {at.t("review.comment")}
          <textarea name="text" rows={2} required class="textarea w-full" />
        </label>
        <button type="submit" class="btn btn-sm justify-self-start">
          {at.t("review.comment-line")}
        </button>
      </form>
    </div>
  );
}

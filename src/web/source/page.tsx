import type { SubmissionAccess } from "../../submissions/submissions.ts";
import type { ManifestEntryRow } from "../../submissions/tables.ts";
import { CodeLines, type Note } from "../components/code-lines.tsx";
import { DownloadIcon } from "../components/icons.tsx";
import { Page } from "../components/page.tsx";
import { Card, Empty } from "../components/parts.tsx";
import { isPdf, PdfView } from "../components/pdf-view.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { count, fileSize } from "../format.ts";
import { sourceAddress } from "../submission/aside.tsx";
import type { Lines } from "./highlight.ts";
import { SHOWN_LIMIT_BYTES, SHOWN_LIMIT_COLUMNS, SHOWN_LIMIT_LINES, type Shown } from "./read-text.ts";

interface FilesProps {
  at: PageContext;
  access: SubmissionAccess;
  files: ManifestEntryRow[];
  next: number | null;
}

export function FilesPage({ at, access, files, next }: FilesProps) {
  const { id } = access.submission;
  return (
    <Page
      at={at}
      title={at.t("files.title")}
      trail={trailOf(at, access)}
      lead={at.t("files.count", { count: files.length })}
    >
      <Card>
        <ul class="grid gap-1 text-sm">
          {files.map((file) => (
            <li class="flex items-baseline gap-3">
              <a href={sourceAddress(id, file.path)} class="link wrap-anywhere">
                {file.path}
              </a>
              <span class="muted ml-auto whitespace-nowrap">{fileSize(file.bytes)}</span>
            </li>
          ))}
        </ul>
      </Card>
      <p class="mt-4 flex flex-wrap gap-2">
        {next !== null && (
          <a href={`/submissions/${id}/files?after=${next}`} class="btn btn-sm">
            {at.t("files.more")}
          </a>
        )}
        <a href={`/api/v1/submissions/${id}/zip`} class="btn btn-sm" download>
          <DownloadIcon />
          {at.t("files.zip")}
        </a>
      </p>
    </Page>
  );
}

interface SourceProps {
  at: PageContext;
  access: SubmissionAccess;
  entry: ManifestEntryRow;
  shown: Shown;
  lines?: Lines;
  notes?: Note[];
}

export function SourcePage({ at, access, entry, shown, lines = [], notes = [] }: SourceProps) {
  const { id } = access.submission;
  const raw = `/api/v1/submissions/${id}/file?path=${encodeURIComponent(entry.path)}`;
  const trail: [string, string][] = [
    ...trailOf(at, access),
    [at.t("files.title"), `/submissions/${id}/files`],
  ];
  return (
    <Page at={at} title={entry.path} wide trail={trail} lead={fileSize(entry.bytes)}>
      <p class="mb-3">
        <a href={raw} class="btn btn-sm" download>
          <DownloadIcon />
          {at.t("source.download")}
        </a>
      </p>
      {isPdf(entry.path) && <PdfView at={at} address={raw} name={entry.path} />}
      {isPdf(entry.path) && notes.length > 0 && (
        <ul class="mt-4 grid gap-2 text-sm">
          {notes.map((note) => (
            <li class="border-l-4 border-base-300 pl-3">
              <strong>{`${at.t("pdf.page")} ${note.line}`}</strong>{" "}
              <span class="whitespace-pre-line wrap-anywhere">{note.text}</span>
            </li>
          ))}
        </ul>
      )}
      {shown.kind === "binary" && !isPdf(entry.path) && (
        <Empty title={at.t("source.binary")}>{at.t("source.binary-help")}</Empty>
      )}
      {shown.kind === "large" && !isPdf(entry.path) && (
        <Empty title={at.t("source.large")}>
          {at.t("source.large-help", {
            bytes: fileSize(SHOWN_LIMIT_BYTES),
            lines: count(SHOWN_LIMIT_LINES, at.lang),
            columns: count(SHOWN_LIMIT_COLUMNS, at.lang),
          })}
        </Empty>
      )}
      {shown.kind === "text" && shown.encoding === "gb18030" && (
        <p class="muted mb-2">{at.t("source.encoding")}</p>
      )}
      {shown.kind === "text" && shown.text === "" && <Empty title={at.t("source.empty")} />}
      {shown.kind === "text" && shown.text !== "" && (
        <CodeLines label={at.t("source.code", { path: entry.path })} lines={lines} notes={notes} />
      )}
    </Page>
  );
}

function trailOf(at: PageContext, { course, assignment, submission }: SubmissionAccess): [string, string][] {
  return [
    ...assignmentTrail(at, { course, assignment }),
    [at.t("submission.title", { number: submission.number }), `/submissions/${submission.id}`],
  ];
}

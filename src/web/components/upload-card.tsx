import type { Child } from "hono/jsx";
import type { PageContext } from "../context.ts";
import { UploadIcon } from "./icons.tsx";
import { Alert, Card } from "./parts.tsx";

interface Props {
  at: PageContext;
  id: string;
  fileId: string;
  /** Where the form is sent without scripts, and where with them. */
  action: string;
  api: string;
  /** The start of the address of what came of it. */
  goes: string;
  words: { title: string; help: string; choose: string; submit: string; failed: string; nothing: string };
  /** The sentence of what was wrong with the last one. */
  problem: string | null;
}

/** A form for one ZIP that works by itself; client/upload.ts adds dropping, progress and errors in place. */
export function UploadCard({ at, id, fileId, action, api, goes, words, problem }: Props) {
  return (
    <Card title={words.title} id={id}>
      <div class="empty:hidden mb-3" data-upload-problem>
        {problem && (
          <Alert kind="error" title={words.failed}>
            {problem}
          </Alert>
        )}
      </div>
      <form
        method="post"
        action={action}
        enctype="multipart/form-data"
        data-upload={`${api}?lang=${at.lang}`}
        data-goes={goes}
        data-failed={words.failed}
        data-nothing-used={words.nothing}
        data-broken={at.t("upload.broken")}
        data-sending={at.t("upload.sending", { name: "{name}" })}
        data-checking={at.t("upload.checking")}
      >
        <p class="mb-3 text-sm">{words.help}</p>
        <DropZone at={at} fileId={fileId} choose={words.choose} />
        <button type="submit" class="btn btn-primary mt-3 w-full">
          {words.submit}
        </button>
        <UploadProgress title={words.title} />
      </form>
    </Card>
  );
}

/** Where one ZIP is dropped or chosen. */
export function DropZone(props: { at: PageContext; fileId: string; choose: string; more?: Child }) {
  const { at, fileId, choose, more } = props;
  return (
    <div class="drop-zone" data-drop>
      <UploadIcon />
      <p class="scripted font-medium">{at.t("upload.drop")}</p>
      {more}
      <label for={fileId} class="sr-only">
        {choose}
      </label>
      <input
        id={fileId}
        type="file"
        name="file"
        accept=".zip,application/zip"
        required
        class="file-input mt-2 w-full max-w-xs"
      />
    </div>
  );
}

/** How far it is, filled in by client/upload.ts. */
export function UploadProgress({ title }: { title: string }) {
  return (
    <div data-upload-progress hidden class="mt-3">
      <p class="mb-1 text-sm wrap-anywhere" role="status" />
      <progress class="progress progress-primary w-full" max={100} value={0} aria-label={title} />
    </div>
  );
}

import { ArrowLeft, Download as DownloadIcon } from 'lucide-react';
import { useMemo } from 'react';
import { formatCount } from '../../shared/format.ts';
import type { FileDiff, FilePreview, ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { links } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { useWide } from '../app/use-wide.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { Segments } from '../components/segments.tsx';
import { useSizes } from '../components/size.tsx';
import type { SizeFormats } from '../format/sizes.ts';
import { formatMoment } from '../format/time.ts';
import { CodeLines } from './code-lines.tsx';
import { type CodeRow, countChanges, diffRows, textRows } from './code-rows.ts';
import './file-pane.css';

export interface FilePaneProps {
  readonly snapshot: ShownSnapshot;
  readonly path: string;
  readonly against: string | undefined;
}

/** One file or folder: its text or what differs from now, and the ways to get it back. */
export function FilePane({ snapshot, path, against }: FilePaneProps) {
  const { id } = snapshot;
  const level = useCall('folder', { id, path: parentOf(path) });
  const entry = level.data?.entries.find((one) => one.path === path);
  const isFile = entry?.kind === 'file' || (level.data !== undefined && entry === undefined);
  const show = (value: string) =>
    navigate(links.snapshot(id, 'contents', value === 'text' ? { path } : { path, against: against ?? 'now' }));
  return (
    <section className="pane" aria-label={path}>
      <header className="pane-head">
        <BackToTree id={id} />
        <PathWords path={path} />
        {isFile ? (
          <Segments
            label="Show"
            size="small"
            segments={[
              { value: 'text', label: 'Text' },
              { value: 'diff', label: against === undefined || against === 'now' ? 'Against now' : 'Compared' },
            ]}
            value={against === undefined ? 'text' : 'diff'}
            onChange={show}
          />
        ) : null}
      </header>
      <div className="pane-body">
        {entry === undefined && level.data === undefined ? (
          <Pending error={level.error} retry={level.refetch} />
        ) : isFile ? (
          <FileBody snapshot={snapshot} path={path} against={against} />
        ) : entry?.kind === 'link' ? (
          <EmptyState title="A link">It leads to {entry.target}.</EmptyState>
        ) : (
          <FolderBody files={entry?.files ?? 0} bytes={entry?.bytes ?? 0} />
        )}
      </div>
      <PaneFoot id={id} path={path} isFile={isFile} isFolder={entry?.kind === 'folder'} />
    </section>
  );
}

function BackToTree({ id }: { id: string }) {
  if (useWide()) return null;
  return (
    <a
      className="button button-plain button-small button-icon"
      href={links.snapshot(id, 'contents')}
      aria-label="Back to the files"
    >
      <ArrowLeft aria-hidden />
    </a>
  );
}

function PathWords({ path }: { path: string }) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, path.length - name.length);
  return (
    <p className="pane-path" title={path}>
      {folder === '' ? null : <span className="soft">{folder.replaceAll('/', ' / ')}</span>}
      <b>{name}</b>
    </p>
  );
}

function FolderBody({ files, bytes }: { files: number; bytes: number }) {
  const sizes = useSizes();
  return (
    <EmptyState title={`${formatCount(files, 'file')}, ${sizes.bytes(bytes)}`}>
      Choose one of them to read it. The folder can be restored as a whole.
    </EmptyState>
  );
}

function FileBody({ snapshot, path, against }: FilePaneProps) {
  return against === undefined ? (
    <FileText id={snapshot.id} path={path} />
  ) : (
    <FileChanges snapshot={snapshot} path={path} against={against} />
  );
}

function FileText({ id, path }: { id: string; path: string }) {
  const preview = useCall('preview', { id, path });
  const rows = useMemo(() => (preview.data?.kind === 'text' ? textRows(preview.data.text) : []), [preview.data]);
  const sizes = useSizes();
  if (preview.data === undefined) return <Pending error={preview.error} retry={preview.refetch} />;
  return <TextBody preview={preview.data} rows={rows} sizes={sizes} />;
}

function TextBody({ preview, rows, sizes }: { preview: FilePreview; rows: readonly CodeRow[]; sizes: SizeFormats }) {
  const { kind, bytes, isCut, path } = preview;
  if (bytes === 0) return <EmptyState title="The file is empty." />;
  if (kind === 'binary') {
    return (
      <EmptyState title={`Not a text, ${sizes.bytes(bytes)}`}>
        It can be downloaded or restored all the same.
      </EmptyState>
    );
  }
  return (
    <>
      {isCut ? (
        <p className="pane-note" role="status">
          The beginning of {sizes.bytes(bytes)}. Download it to see all.
        </p>
      ) : null}
      <CodeLines rows={rows} label={`Text of ${path}`} isDiff={false} />
    </>
  );
}

function FileChanges({ snapshot, path, against }: FilePaneProps & { against: string }) {
  const to = against;
  const diff = useCall('fileDiff', { id: snapshot.id, path, to });
  const rows = useMemo(() => diffRows(diff.data?.hunks ?? []), [diff.data]);
  if (diff.data === undefined) return <Pending error={diff.error} retry={diff.refetch} />;
  const told = stateWords(diff.data, to === 'now' ? 'now' : 'in the other snapshot');
  if (told !== undefined) return <EmptyState title={told.title}>{told.text}</EmptyState>;
  return (
    <>
      <p className="pane-note">{changeWords(diff.data, snapshot.createdAt)}</p>
      <CodeLines rows={rows} label={`What differs in ${path}`} isDiff />
    </>
  );
}

/** Where there are no lines to show; undefined where there are. */
function stateWords({ state, hunks }: FileDiff, where: string): { title: string; text?: string } | undefined {
  switch (state) {
    case 'same':
      return { title: `The file is the same ${where}.` };
    case 'binary':
      return { title: `The file differs ${where}.`, text: 'It is not a text, so its lines can not be compared.' };
    case 'tooLarge':
      return {
        title: `The file differs ${where}.`,
        text: 'It is too large, or differs too much, to be compared here.',
      };
    case 'removed':
      return hunks.length === 0 ? { title: `The file does not exist ${where}.` } : undefined;
    case 'added':
      return hunks.length === 0 ? { title: `The file exists only ${where}, and is empty.` } : undefined;
    case 'changed':
      return undefined;
  }
}

function changeWords({ state, hunks, to, isCut }: FileDiff, createdAt: string): string {
  const then = formatMoment(createdAt, Date.now());
  const now = to === 'now' ? 'now' : 'there';
  if (state === 'removed') return `The file does not exist ${now}.`;
  if (state === 'added') return `The file exists only ${now}.`;
  const { added, removed } = countChanges(hunks);
  const sides = [
    removed > 0 ? `${formatCount(removed, 'line')} only at ${then}` : '',
    added > 0 ? `${formatCount(added, 'line')} only ${now}` : '',
  ];
  const lines = sides.filter((words) => words !== '').join(', ');
  if (lines === '') return isCut ? 'More differs than can be shown.' : 'No line differs.';
  return isCut ? `${lines}, and more than can be shown.` : `${lines}.`;
}

function PaneFoot({ id, path, isFile, isFolder }: { id: string; path: string; isFile: boolean; isFolder: boolean }) {
  const download = useAction('download');
  const fetchFile = () => download.mutate({ id, path }, { onSuccess: ({ href, name }) => saveAs(href, name) });
  return (
    <footer className="pane-foot">
      {download.isError ? <ErrorState error={download.error} /> : null}
      {isFile ? (
        <Button size="small" icon={<DownloadIcon aria-hidden />} busy={download.isPending} onClick={fetchFile}>
          Download
        </Button>
      ) : null}
      <a className="button button-regular button-small" href={links.restore(id, { path })}>
        {isFolder ? 'Restore this folder…' : 'Restore this file…'}
      </a>
    </footer>
  );
}

/** The server sends it as an attachment, so that the page stays. */
function saveAs(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

function Pending({ error, retry }: { error: Error | null; retry: () => unknown }) {
  return error === null ? (
    <Loading />
  ) : (
    <div className="pane-error">
      <ErrorState error={error} onRetry={() => void retry()} />
    </div>
  );
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

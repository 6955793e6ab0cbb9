import { RotateCcw } from 'lucide-react';
import { IconButton } from '../components/button.tsx';

/** Back to what a setting is by itself. */
export function DefaultButton({ label, value, onClick }: { label: string; value: string; onClick: () => void }) {
  return <IconButton label={`Back to ${value} (${label})`} icon={<RotateCcw aria-hidden />} onClick={onClick} />;
}

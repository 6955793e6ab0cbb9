import { Option, Options } from './options.tsx';
import { type RetentionChoice, retentionChoices } from './retention-choices.ts';

/** How long should snapshots stay? */
export function RetentionQuestion({
  choice,
  onChange,
}: {
  choice: RetentionChoice;
  onChange: (choice: RetentionChoice) => void;
}) {
  return (
    <section className="first-part">
      <h2 className="head">How long should snapshots stay?</h2>
      <Options label="How long snapshots stay">
        {retentionChoices.map(({ value, label, detail }) => (
          <Option
            key={value}
            name="retention"
            label={label}
            detail={detail}
            isChosen={choice === value}
            onChoose={() => onChange(value)}
          />
        ))}
      </Options>
    </section>
  );
}

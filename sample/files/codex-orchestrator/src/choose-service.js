const rules = [
  ['hands', /\b(open|click|download|book|order)\b/i],
  ['voice', /\b(say|speak|listen|record)\b/i],
  ['scheduler', /\b(remind|every|tomorrow|at \d)\b/i],
];

/** Which service should answer a turn; the Brain, if nothing else feels called. */
export function chooseService(text) {
  return rules.find(([, pattern]) => pattern.test(text))?.[0] ?? 'brain';
}

/** A registry package: name, version, and the hash that the registry states for exactly this version. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** Folder of the Codex into which it is unpacked. */
  readonly place: string;
}

/** Together 8,908 files and 90 MB, 97 MB of tar: thousands of small ones, and ten of 1 to 9 MB. */
export const packages: readonly PinnedPackage[] = [
  {
    name: 'date-fns',
    version: '4.1.0',
    integrity: 'sha512-Ukq0owbQXxa/U3EGtsdVBkR1w7KOQ5gIBqdH2hkvknzZPYvBxb/aa6E8L7tmjFtkwZBu3UXBbjIgPo/Ez4xaNg==',
    place: 'codex-bridge/date-fns',
  },
  {
    name: 'rxjs',
    version: '7.8.2',
    integrity: 'sha512-dhKf903U/PQZY6boNNtAGdWbG85WAbjT/1xYoZIC7FAY0yWapOBQVsVrDl58W86//e1VpMNBtRV4MaXfdMySFA==',
    place: 'codex-orchestrator/rxjs',
  },
  {
    name: 'three',
    version: '0.180.0',
    integrity: 'sha512-o+qycAMZrh+TsE01GqWUxUIKR1AL0S8pq7zDkYOQw8GqfX8b8VoCKYUoHbhiX5j+7hr8XsuHDVU6+gkQJQKg9w==',
    place: 'codex-desktop/three',
  },
  {
    name: 'typescript',
    version: '5.9.3',
    integrity: 'sha512-jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw==',
    place: 'packages/typescript',
  },
  {
    name: 'prettier',
    version: '3.6.2',
    integrity: 'sha512-I7AIg5boAr5R0FFtJ6rCfD+LFsWHp81dolrFD8S79U9tb8Az2nGrJncnMSnys+bpQJfRUzqs9hnA81OAA3hCuQ==',
    place: 'packages/prettier',
  },
];

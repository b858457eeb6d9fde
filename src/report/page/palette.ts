/**
 * The colours, dark and light. Paper is always light, so the dark set is for screens alone.
 * Text on its tint keeps a contrast of at least 4.5 in both sets.
 */
export const palette = `:root{color-scheme:light dark;
--page:#fff;--card:#f8f9fa;--well:#f5f6f8;--text:#1c2127;--quiet:#5d6670;--line:#e3e6ea;--line-strong:#c3c9d0;
--good:#1a7048;--good-tint:#e4f3ea;--calm:#556270;--calm-tint:#edf0f3;--live:#1d5fa8;--live-tint:#e5eff9;
--warn:#8a5800;--warn-tint:#fbf0d9;--bad:#b3261e;--bad-tint:#fceceb;--back:#6a4a9c;--back-tint:#f0eaf8}
@media screen and (prefers-color-scheme:dark){:root{
--page:#14171b;--card:#1a1e23;--well:#1a1e23;--text:#e4e7eb;--quiet:#98a2ad;--line:#2a2f36;--line-strong:#454c55;
--good:#6cc796;--good-tint:#16301f;--calm:#a3afbb;--calm-tint:#252b32;--live:#7db4ee;--live-tint:#172a40;
--warn:#e0ae57;--warn-tint:#352812;--bad:#f28b82;--bad-tint:#2e1b1c;--back:#b79de4;--back-tint:#2a2140}}
.good{--tone:var(--good);--tint:var(--good-tint)}.calm{--tone:var(--calm);--tint:var(--calm-tint)}
.live{--tone:var(--live);--tint:var(--live-tint)}.warn{--tone:var(--warn);--tint:var(--warn-tint)}
.bad{--tone:var(--bad);--tint:var(--bad-tint)}.back{--tone:var(--back);--tint:var(--back-tint)}`;

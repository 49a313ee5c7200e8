An extension reaches no farther than the claim lasts, the longest lease taken off.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 until 12:00 as job
region gives job: pad 1-3 of right until 12:00 as grant
region gives job: pad 3-4 of right for 0 until 12:00 as more
region gives job: pad 4-5 of right for 0 until 12:00 as too-much
region gives job: pad 5-6 of right for 0 until 14:00 as too-late
may job at 3:30
may job at 4
---

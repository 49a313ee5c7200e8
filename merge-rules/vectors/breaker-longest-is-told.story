Of several trips between two scopes the one that lasts longest is told, and each pair of scopes by itself
[SUSP-3].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a until 10 as short
region trips a/b from a until 20 as long
root trips a from federation until 15 as upper
may job at 2
---

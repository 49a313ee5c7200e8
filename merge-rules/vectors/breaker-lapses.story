A trip ends with its until, and nobody must close it [BREAK-2].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a until 2:00 as trip
may job at 1:30
may job at 2:30
---

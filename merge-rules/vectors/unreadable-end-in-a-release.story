A release whose body cannot be read ends nothing, and its claim does not act.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node broken effect frees as end
may job at 2
---

What cannot be read ends no claim that comes after it.
---
root gives region: pad 0-12 of first as right
node opaque effect critical-frees as old
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
may job at 2
---

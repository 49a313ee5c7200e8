Who states no least that is of use has a lease by the whole alone.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 as job
region gives job: pad 1-3 of right as grant
may job at 2
---

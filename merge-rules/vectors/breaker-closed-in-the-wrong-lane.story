A closing in a productivity log is void [BREAK-1], [LEASE-6].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
region closes trip as end
may job at 2
---

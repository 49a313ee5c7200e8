Whoever stands above the author of a trip may close it [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
root-safety closes trip as end
may job at 2
---

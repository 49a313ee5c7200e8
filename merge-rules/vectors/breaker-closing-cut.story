A closing that a revocation cuts is none, and the trip stands again [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
safety closes trip as end
root revokes region cutting safety 1 region 1 as cut
may job at 2
---

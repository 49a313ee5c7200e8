What a breaker parts is in the way all the same [BREAK-2], [LAW-5]: the place is taken, and nobody else gets it.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
rival claims pad 2-4 as other
region gives other: pad 2-4 of right as late
free pad 1-3 at 0
---

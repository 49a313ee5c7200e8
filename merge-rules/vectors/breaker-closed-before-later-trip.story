A closing ends the trips that it names and no other: one of the same breaker that arrives later stands, however
early it was written [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 1
region trips a/b from a as first
safety closes first as end
clock 0
region trips a/b from a as second
may job at 2
---

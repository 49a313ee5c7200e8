Nobody below whoever tripped a breaker closes it [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
root trips a/b from federation as trip
safety closes trip as end
may job at 2
---

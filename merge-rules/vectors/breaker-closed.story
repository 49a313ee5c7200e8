A closing ends the trip that it names [BREAK-1], [CLOSE-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
safety closes trip as end
may job at 2
---

Whoever can use nothing shorter than more than it asks for waits until it is extended.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 least 3 as job
region gives job: pad 1-3 of right as grant
rival claims pad 5-7 least 3 as other
region gives other: pad 5-8 of right as more
may job at 2
may other at 7:30
---

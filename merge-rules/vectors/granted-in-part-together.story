The parts of a joint lease must have the least that is of use in common.
---
root gives region: pad 0-12 of first as right
root gives region: power 0-12 x9 of first as current
node claims pad 1-4 ; power 1-4 x2 least 2 as job
region gives job: pad 1-3 of right ; power 1-4 x2 of current as grant
rival claims pad 4-7 ; power 5-8 x2 least 2 as other
region gives other: pad 4-6 of right ; power 5-8 x2 of current as apart
may job at 2
may job at 3
may other at 5:30
---

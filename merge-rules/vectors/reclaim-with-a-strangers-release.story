A release of a claim by another log than its own proves nothing to its giver and ends nothing.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
rival releases job as false
region reclaims grant by false as back
rival claims pad 1-3 as other
region gives other: pad 1-3 of right as again
may job at 2
may other at 2
---

A part that is shorter than the claim can use is no lease, and what comes after it makes it one.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 least 2 as job
region gives job: pad 1-2 of right as grant
rival claims pad 5-8 least 2 as other
region gives other: pad 5-6 of right as half
region gives other: pad 6-7 of right for 0 as rest
may job at 1:30
may other at 6:30
---

No extension makes a lease longer than the longest.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region gives job: pad 3-10 of right for 0 as more
may job at 8:30
may job at 9
---

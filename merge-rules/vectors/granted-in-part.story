A part of what is asked is a lease when it is as long as the claim can use.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 least 2 as job
region gives job: pad 1-3 of right as grant
may job at 2
may job at 3
---

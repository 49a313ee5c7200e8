What may free what a claim holds and cannot be read leaves the lease unknown; whoever was there may still be.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node opaque effect frees as end
node claims pad 4-6 as later
region gives later: pad 4-6 of right as more
may job at 2
may later at 5
free pad 1-3 at 0
---
